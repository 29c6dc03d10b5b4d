/** The number of the peer's alert in an error of Node's TLS engine; its code differs between OpenSSL versions, the number does not. */
export function alertNumberOf(error: Error): number | undefined {
  const number = /SSL alert number (\d+)/u.exec(error.message)?.[1];
  return number === undefined ? undefined : Number(number);
}
