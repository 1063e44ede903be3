/** HTTP servers of a measurement, on free ports of this machine. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The address without a slash at the end. Errors: the port is not to be had. */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function closed(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await done;
}
