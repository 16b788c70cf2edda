import { Counter, Gauge, Registry } from 'prom-client';
import { METRICS } from './metrics';
import type { Observation } from './observation';

/** The two text formats that Prometheus reads. */
export type Exposition = 'openmetrics' | 'prometheus';

/** Values of the HTTP header Content-Type. */
export const CONTENT_TYPES = {
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
  prometheus: Registry.PROMETHEUS_CONTENT_TYPE,
} as const;

/** An observation as metrics. Everything comes from the observation: nothing is left over from the one before. */
export function expose(observation: Observation, exposition: Exposition): Promise<string> {
  // The constructor's type knows only the default format.
  const registry = new Registry() as Registry<typeof CONTENT_TYPES.openmetrics | typeof CONTENT_TYPES.prometheus>;
  registry.setContentType(CONTENT_TYPES[exposition]);
  for (const { name, type, help, labels, series } of METRICS) {
    const values = series(observation);
    if (values.length === 0) continue;
    const options = { name, help, labelNames: labels, registers: [registry] };
    const metric = type === 'gauge' ? new Gauge(options) : new Counter(options);
    for (const [own, value] of values) metric.inc(own, value);
  }
  return registry.metrics();
}

/**
 * The format that a client wants most by its Accept header (RFC 9110, section 12.5.1); the older one where it does not say.
 */
export function chooseExposition(accept: string | undefined): Exposition {
  const openmetrics = weightOf(accept, 'application/openmetrics-text');
  return openmetrics > 0 && openmetrics >= weightOf(accept, 'text/plain') ? 'openmetrics' : 'prometheus';
}

function weightOf(accept = '', mediaType: string): number {
  const weights = accept.split(',').flatMap((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (type !== mediaType) return [];
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    return [q === undefined ? 1 : Number(q.slice(2)) || 0];
  });
  return Math.max(0, ...weights);
}
