import { decodeDomctl } from '../../abi/xen/domctl/command';
import * as domctl from '../../abi/xen/domctl/scheduler';
import { SCHEDULERS } from '../../abi/xen/sched';
import { decodeSysctl } from '../../abi/xen/sysctl/command';
import * as sysctl from '../../abi/xen/sysctl/domains';
import type { CreditParameters, RtdsParameters } from '../../abi/xen/domctl/scheduler';
import type { HypercallPort } from './port';

export interface CreditPoolParameters {
  readonly timesliceMs: number;
  readonly ratelimitUs: number;
  readonly migrationDelayUs: number;
}

/** Parameters of the schedulers, of one domain or of a pool (xen-abi reference 16). */
export class Schedulers {
  constructor(private readonly port: HypercallPort) {}

  /** @throws KernelError EINVAL when the domain is not under that scheduler */
  async credit(domain: number, scheduler: 'credit' | 'credit2'): Promise<CreditParameters> {
    const fields = { scheduler: SCHEDULERS[scheduler], command: domctl.SCHEDOP_GET };
    const answer = await this.port.domctl(creditCommand, domain, fields);
    const { weight, cap } = decodeDomctl(domctl.creditDomainLayout, answer);
    return { weight, cap };
  }

  async setCredit(domain: number, scheduler: 'credit' | 'credit2', parameters: CreditParameters): Promise<void> {
    const fields = { scheduler: SCHEDULERS[scheduler], command: domctl.SCHEDOP_PUT, ...parameters };
    await this.port.domctl(creditCommand, domain, fields);
  }

  /** What a vCPU of the domain gets unless it is told otherwise. */
  async rtds(domain: number): Promise<RtdsParameters> {
    const fields = { scheduler: SCHEDULERS.rtds, command: domctl.SCHEDOP_GET };
    const answer = await this.port.domctl(rtdsCommand, domain, fields);
    const { periodUs, budgetUs, flags } = decodeDomctl(domctl.rtdsDomainLayout, answer);
    return { periodUs, budgetUs, flags };
  }

  /** Of all vCPUs. */
  async setRtds(domain: number, parameters: RtdsParameters): Promise<void> {
    const fields = { scheduler: SCHEDULERS.rtds, command: domctl.SCHEDOP_PUT, ...parameters };
    await this.port.domctl(rtdsCommand, domain, fields);
  }

  async creditPool(pool: number): Promise<CreditPoolParameters> {
    const fields = { pool, scheduler: SCHEDULERS.credit, command: sysctl.SCHEDULER_GET };
    const answer = await this.port.sysctl(sysctl.creditPool, fields);
    const { timesliceMs, ratelimitUs, migrationDelayUs } = decodeSysctl(sysctl.creditPool.layout, answer);
    return { timesliceMs, ratelimitUs, migrationDelayUs };
  }

  async setCreditPool(pool: number, parameters: CreditPoolParameters): Promise<void> {
    const fields = { pool, scheduler: SCHEDULERS.credit, command: sysctl.SCHEDULER_PUT, ...parameters };
    await this.port.sysctl(sysctl.creditPool, fields);
  }

  async credit2RatelimitUs(pool: number): Promise<number> {
    const fields = { pool, scheduler: SCHEDULERS.credit2, command: sysctl.SCHEDULER_GET };
    return decodeSysctl(sysctl.credit2Pool.layout, await this.port.sysctl(sysctl.credit2Pool, fields)).ratelimitUs;
  }

  async setCredit2RatelimitUs(pool: number, ratelimitUs: number): Promise<void> {
    const fields = { pool, scheduler: SCHEDULERS.credit2, command: sysctl.SCHEDULER_PUT, ratelimitUs };
    await this.port.sysctl(sysctl.credit2Pool, fields);
  }
}

const creditCommand = { name: 'scheduler_op', number: domctl.SCHEDULER_OP, layout: domctl.creditDomainLayout };
const rtdsCommand = { name: 'scheduler_op', number: domctl.SCHEDULER_OP, layout: domctl.rtdsDomainLayout };
