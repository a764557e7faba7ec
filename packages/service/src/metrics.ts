import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** Seconds: from a webhook's answer (a millisecond) to a page that waits for GitHub. */
const httpBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface MetricOptions<Label extends string> {
  /** Without the prefix: `reviews_total` becomes `nectr_reviews_total`. */
  readonly name: string;
  readonly help: string;
  /** Each combination of values is a time series of its own: never an id, a path or a name from outside. */
  readonly labels?: readonly Label[];
}

export interface HttpRequestObservation {
  readonly method: string;
  /** The route's template, such as `/api/v1/reviews/:id`; never the path that was asked for. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** A process's metrics, in a registry of its own, all named `nectr_...` and labelled with the service. */
export interface Metrics {
  readonly registry: Registry;
  counter<L extends string = never>(options: MetricOptions<L>): Counter<L>;
  gauge<L extends string = never>(options: MetricOptions<L>): Gauge<L>;
  histogram<L extends string = never>(
    options: MetricOptions<L> & { buckets: readonly number[] },
  ): Histogram<L>;
  observeRequest(request: HttpRequestObservation): void;
}

/** Creates the registry with Node's own metrics (memory, event loop, garbage collection) already in it. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, prefix: "nectr_" });

  const settings = <L extends string>({ name, help, labels = [] }: MetricOptions<L>) => ({
    name: `nectr_${name}`,
    help,
    labelNames: [...labels],
    registers: [registry],
  });

  const requests = new Histogram({
    ...settings({
      name: "http_request_duration_seconds",
      help: "Seconds from a request's arrival to the end of its answer",
      labels: ["method", "route", "status"],
    }),
    buckets: httpBuckets,
  });

  return {
    registry,
    counter: (options) => new Counter(settings(options)),
    gauge: (options) => new Gauge(settings(options)),
    histogram: ({ buckets, ...options }) => new Histogram({ ...settings(options), buckets: [...buckets] }),
    observeRequest: ({ seconds, ...labels }) => requests.observe(labels, seconds),
  };
}
