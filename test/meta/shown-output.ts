/** The lines of the block of code directly below a line of a page. */
export function blockBelow(markdown: string, marker: string): string[] {
  const [, below = ''] = markdown.split(`${marker}\n`);
  return /^```\w+\n([\s\S]*?)\n```$/mu.exec(below)?.[1]?.split('\n') ?? [];
}

/** A line of output without what differs from run to run: dates, durations, the number of the process in a file's name, and how wide that makes columns. */
export function masked(line: string): string {
  return line
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/gu, '<time>')
    .replaceAll(/\d[\d,]*(?:\.\d+)? ms/gu, '<duration>')
    .replaceAll(/-\d+-\d+\.pcapng/gu, '-<number>.pcapng')
    .replaceAll(/ +/gu, ' ');
}
