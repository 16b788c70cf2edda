import { encodeWrite, faultOfPath } from '../../src/abi/xenstore';
import type { Xenstore } from '../../src/xen/xenstore/xenstore';

/**
 * What every xenstored must do alike for our client: the same test runs against the one in test/support and against a real one.
 * It leaves nothing behind, and needs the rights of domain 0.
 */
export function xenstoreContract(name: string, open: () => Promise<Xenstore>): void {
  describe(`xenstore contract: ${name}`, () => {
    const folder = `/tool/cellvisor-contract-${process.pid}`;
    let store: Xenstore;
    let other: Xenstore;
    beforeAll(async () => {
      [store, other] = await Promise.all([open(), open()]);
    });
    beforeEach(() => store.mkdir(folder));
    afterEach(() => store.rm(folder));
    afterAll(() => {
      store.close();
      other.close();
    });

    describe('nodes', () => {
      test('a value is read as it was written, by others too; writing makes the parents', async () => {
        await store.write(`${folder}/a/b`, 'value');
        expect(await other.read(`${folder}/a/b`)).toBe('value');
        expect(await other.read(`${folder}/a`)).toBe('');
        expect(await other.directory(folder)).toEqual(['a']);
      });

      test('values are bytes: none, zeros, as many as fit', async () => {
        const path = `${folder}/bytes`;
        const longest = 4096 - path.length - 1;
        for (const value of [new Uint8Array(0), Uint8Array.of(0, 1, 0), new Uint8Array(longest).fill(7)]) {
          await store.write(path, value);
          expect(Buffer.from(await store.readBytes(path))).toEqual(Buffer.from(value));
        }
      });

      test('what is not there', async () => {
        const missing = `${folder}/missing`;
        await expect(store.read(missing)).rejects.toMatchObject({
          message: `xenstore: reading ${missing}: No such file or directory`,
          errno: 'ENOENT',
          code: 'E_XENSTORE',
        });
        await expect(store.directory(missing)).rejects.toMatchObject({ errno: 'ENOENT' });
        expect(await store.readIfThere(missing)).toBeUndefined();
        expect(await store.directoryIfThere(missing)).toEqual([]);
        await store.rm(missing);
        await store.rm(`${missing}/below`);
      });

      test('a folder that is made twice keeps its value; one that is removed takes all below along', async () => {
        await store.write(`${folder}/x`, 'kept');
        await store.write(`${folder}/x/y/z`, '1');
        await store.mkdir(`${folder}/x`);
        expect(await store.read(`${folder}/x`)).toBe('kept');
        await store.rm(`${folder}/x`);
        expect(await store.readIfThere(`${folder}/x/y/z`)).toBeUndefined();
      });

      test('a list longer than a message, of names of all lengths', async () => {
        const names = Array.from({ length: 700 }, (_, index) => `${'n'.repeat(index % 40)}${index}`);
        await Promise.all(names.map((one) => store.write(`${folder}/${one}`, '')));
        expect((await store.directory(folder)).sort()).toEqual([...names].sort());
      });

      test('permissions are inherited, set and read', async () => {
        const path = `${folder}/permissions`;
        await store.mkdir(path);
        expect(await store.getPermissions(path)).toEqual({ owner: 0, others: 'none', domains: [] });
        const wanted = { owner: 0, others: 'read', domains: [{ domid: 0, access: 'both' }] } as const;
        await store.setPermissions(path, wanted);
        expect(await store.getPermissions(path)).toEqual(wanted);
        await store.write(`${path}/child`, '');
        expect(await store.getPermissions(`${path}/child`)).toMatchObject({ others: 'read' });
      });
    });

    test('many requests in flight get their own answers', async () => {
      const numbers = Array.from({ length: 300 }, (_, index) => index);
      await Promise.all(numbers.map((one) => store.write(`${folder}/${one}`, String(one))));
      const values = await Promise.all(numbers.map((one) => store.read(`${folder}/${one}`)));
      expect(values).toEqual(numbers.map(String));
    });

    test('paths and characters that our check lets through are taken', async () => {
      for (const one of ['a-b', 'A_9', 'x@y', 'n'.repeat(2000)]) {
        await store.write(`${folder}/${one}`, 'v');
        expect(await store.read(`${folder}/${one}`)).toBe('v');
      }
    });

    test('what our check refuses, without asking, this xenstored refuses too', async () => {
      for (const one of ['a:b', 'a b', 'ä', 'a//b', 'a/', 'n'.repeat(3072)]) {
        expect(faultOfPath(`${folder}/${one}`)).toBeDefined();
        const asking = store['request']('write', encodeWrite(`${folder}/${one}`, 'v'), { what: 'test' });
        await expect(asking).rejects.toMatchObject({ errno: 'EINVAL' });
      }
    });

    describe('transactions', () => {
      test('others see all of it at its end, and nothing of one that fails', async () => {
        await store.transaction(async (t) => {
          await t.write(`${folder}/a`, '1');
          expect(await t.read(`${folder}/a`)).toBe('1');
          expect(await other.readIfThere(`${folder}/a`)).toBeUndefined();
        });
        expect(await other.read(`${folder}/a`)).toBe('1');
        const failure = new Error('no');
        const failing = store.transaction(async (t) => {
          await t.write(`${folder}/a`, '2');
          throw failure;
        });
        await expect(failing).rejects.toBe(failure);
        expect(await other.read(`${folder}/a`)).toBe('1');
      });

      test('a conflict makes it run again', async () => {
        await store.write(`${folder}/counter`, '5');
        let rounds = 0;
        await store.transaction(async (t) => {
          const value = Number(await t.read(`${folder}/counter`));
          if (++rounds === 1) await other.write(`${folder}/counter`, '10');
          await t.write(`${folder}/counter`, String(value + 1));
        });
        expect(rounds).toBe(2);
        expect(await store.read(`${folder}/counter`)).toBe('11');
      });

      test('ten at the same time count to ten', async () => {
        await store.write(`${folder}/counter`, '0');
        const add = (one: Xenstore) =>
          one.transaction(async (t) =>
            t.write(`${folder}/counter`, String(Number(await t.read(`${folder}/counter`)) + 1)),
          );
        await Promise.all(Array.from({ length: 10 }, (_, index) => add(index % 2 ? store : other)));
        expect(await store.read(`${folder}/counter`)).toBe('10');
      });
    });

    describe('watches', () => {
      test('an event at once, then one for every change at the path and below, also by others', async () => {
        const watch = await store.watch(folder);
        expect(await watch.next()).toBe(folder);
        await other.write(`${folder}/a`, '1');
        expect(await watch.next()).toBe(`${folder}/a`);
        await store.rm(`${folder}/a`);
        expect(await watch.next()).toBe(`${folder}/a`);
        await watch.close();
      });

      test('of a path that is not there yet; the removal of its folder is an event', async () => {
        const watch = await store.watch(`${folder}/later/x`);
        await watch.next();
        await other.write(`${folder}/later/x`, '1');
        expect(await watch.next()).toBe(`${folder}/later/x`);
        await other.rm(`${folder}/later`);
        await watch.next();
        expect(await store.readIfThere(`${folder}/later/x`)).toBeUndefined();
        await watch.close();
      });

      test('a change in a transaction is an event at its end only', async () => {
        const watch = await store.watch(folder);
        await watch.next();
        let isEnding = false;
        const event = watch.next().then((path) => ({ path, isEnding }));
        await other.transaction(async (t) => {
          await t.write(`${folder}/in`, '1');
          // Whatever xenstored had to say to this connection has come when this is answered.
          await store.read(folder);
          isEnding = true;
        });
        expect(await event).toEqual({ path: `${folder}/in`, isEnding: true });
        await watch.close();
      });

      test('two of the same path are told apart, and the end of one is not that of the other', async () => {
        const [first, second] = await Promise.all([store.watch(folder), store.watch(folder)]);
        await Promise.all([first.next(), second.next()]);
        await first.close();
        await other.write(`${folder}/a`, '1');
        expect(await second.next()).toBe(`${folder}/a`);
        await second.close();
      });

      test('special ones', async () => {
        for (const path of ['@introduceDomain', '@releaseDomain']) {
          const watch = await store.watch(path);
          expect(await watch.next()).toBe(path);
          await watch.close();
        }
      });

      test('dropping all of a connection', async () => {
        const connection = await open();
        const watch = await connection.watch(folder);
        await watch.next();
        await connection.resetWatches();
        // The watch is gone: removing it once more is refused.
        await expect(watch.close()).rejects.toMatchObject({ errno: 'ENOENT' });
        connection.close();
      });
    });

    test('domains', async () => {
      expect(await store.domainPath(0)).toBe('/local/domain/0');
      expect(await store.domainPath(12345)).toBe('/local/domain/12345');
      expect(await store.isIntroduced(12345)).toBe(false);
      await expect(store.release(12345)).rejects.toMatchObject({ code: 'E_XENSTORE' });
    });
  });
}
