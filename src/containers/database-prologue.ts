import type net from 'node:net';

export async function beginStarttls(socket: net.Socket, protocol: 'postgres' | 'mysql'): Promise<void> {
  if (protocol === 'postgres') {
    socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
    const [answer] = await once(socket, 1);
    if (answer !== 0x53) throw new Error('no TLS');
    return;
  }
  const head = await once(socket, 4);
  await once(socket, head.readUIntLE(0, 3));
  const request = Buffer.alloc(36);
  request.writeUIntLE(32, 0, 3);
  request.writeUInt8(1, 3);
  request.writeUInt32LE(0x1 | 0x8 | 0x200 | 0x800 | 0x8000 | 0x80000, 4);
  request.writeUInt32LE(2 ** 24 - 1, 8);
  request.writeUInt8(45, 12);
  socket.write(request);
}

function once(socket: net.Socket, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const bytes = socket.read(length) as Buffer | null;
      if (bytes === null) return;
      socket.off('readable', look);
      resolve(bytes);
    };
    socket.on('readable', look);
    socket.once('error', reject);
    socket.once('end', () => reject(new Error('closed')));
    look();
  });
}
