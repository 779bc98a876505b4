import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import pg from 'pg';
import { expect, it } from 'vitest';
import { listenOn } from '../src/notifications.ts';
import { describeWithServer, type RunningServer, startPostgres } from './servers.ts';

/** The way to a server, which can be cut: then whoever comes is counted and turned away. */
async function gateTo(server: RunningServer) {
  const sockets = new Set<Socket>();
  const seen = new EventTarget();
  const state = { open: true, refused: 0 };
  const target = new URL(server.url);
  const port = Number(target.port);
  const gate = createServer((socket) => {
    socket.on('error', () => undefined);
    if (!state.open) {
      state.refused += 1;
      socket.destroy();
      seen.dispatchEvent(new Event('refused'));
      return;
    }
    sockets.add(socket);
    const onward = connect(port, target.hostname);
    onward.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      onward.destroy();
    });
    socket.pipe(onward).pipe(socket);
  });
  await once(gate.listen(0, '127.0.0.1'), 'listening');
  const address = gate.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  target.port = `${address.port}`;
  return {
    url: target.href,
    state,
    seen,
    sockets,
    cut() {
      state.open = false;
      for (const socket of sockets) socket.destroy();
    },
    close() {
      gate.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describeWithServer('postgresql', 'listening on a PostgreSQL server', () => {
  it('comes back by one connection after the server was away, and says to look again at everything', async () => {
    const server = await startPostgres();
    const gate = await gateTo(server);
    const told = new EventTarget();
    const stop = await listenOn(gate.url, 'news', (payload) => told.dispatchEvent(new Event(payload ?? 'anything')));
    try {
      gate.cut();
      // A series of attempts that doubled would be at seven where one series is at three.
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        await once(gate.seen, 'refused');
        expect(gate.state.refused).toBe(attempt);
      }
      const again = once(told, 'anything');
      gate.state.open = true;
      await again;
      expect(gate.sockets.size).toBe(1);
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      const heard = once(told, 'hello');
      await client.query(`select pg_notify('news', 'hello')`);
      await heard;
      await client.end();
    } finally {
      await stop();
      gate.close();
      await server.stop();
    }
  });
});
