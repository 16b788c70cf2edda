import { cpuPercentsBetween, DomainSampler } from '../../../../src/xen/watch/domain-sampler';
import { domainAt } from '../../../support/domains';
import type { Domain } from '../../../../src/xen/host/domain';

const at = (clockMs: number, ...domains: Domain[]) => ({ takenAtMs: 0, clockMs, domains });
const used = (id: number, cpuTimeSeconds: number, parts: Partial<Domain> = {}) =>
  domainAt(id, { cpuTimeSeconds, ...parts });

test('CPU per cent: 100 is one CPU', () => {
  const before = at(1000, used(0, 10), used(1, 5), used(2, 7));
  const after = at(3000, used(0, 10.5), used(1, 8), used(2, 7));
  expect([...cpuPercentsBetween(before, after)]).toEqual([
    [0, 25],
    [1, 150],
    [2, 0],
  ]);
});

test('a domain that is new, another one of the same id, and one that counts anew have none yet', () => {
  const before = at(0, used(1, 5), used(2, 5));
  const after = at(1000, used(1, 6, { uuid: 'another' }), used(2, 1), used(3, 1));
  expect(cpuPercentsBetween(before, after).size).toBe(0);
});

test('two samples at one moment say nothing', () => {
  expect(cpuPercentsBetween(at(5, used(1, 1)), at(5, used(1, 2))).size).toBe(0);
});

test('a sampler compares each sample with the one before', async () => {
  let cpuTimeSeconds = 1;
  const sampler = new DomainSampler({ domains: async () => [used(1, cpuTimeSeconds++)] });
  expect((await sampler.sample()).cpuPercents.size).toBe(0);
  const [second, third] = [await sampler.sample(), await sampler.sample()];
  expect(third.cpuPercents.get(1)).toBeCloseTo(100_000 / (third.clockMs - second.clockMs), 3);
});
