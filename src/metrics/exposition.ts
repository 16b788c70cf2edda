import { Registry } from 'prom-client';
import { METRICS } from './metrics';
import type { Gauge } from 'prom-client';
import type { Metric, Series } from './metrics';
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
  for (const metric of METRICS) {
    const values = metric.series(observation);
    if (values.length > 0) registry.registerMetric(collected(metric, values));
  }
  return registry.metrics();
}

const NO_LABELS = {};

/**
 * A metric whose values are known: what `get` of a Gauge or Counter gives, without an entry of a hash table for each of the
 * thousand values of a large board, which would be thrown away after one scrape.
 */
function collected({ name, type, help }: Metric, series: readonly Series[]): Gauge {
  const values = series.map(([labels, value]) => ({ labels, value, sharedLabels: NO_LABELS }));
  // The registry asks its metrics for no more than this. For OpenMetrics, it gives counters another name first.
  const metric = { name, help, type, values, get: () => Promise.resolve(metric) };
  return metric as unknown as Gauge;
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
