/** Makes the metrics that `metric-catalogue.ts` lists, so that none exists without its meaning. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { given } from "../../policy/office/optional.js";
import { METRIC_PREFIX, METRICS, type MetricEntry, type MetricName } from "./metric-catalogue.js";

/** Values by label; a label without a value is left out. */
export type ByLabel = Readonly<Record<string, number>>;

export class MetricMakers {
  constructor(private readonly registry: Registry) {}

  /** Counts as things happen. Counters whose labels are listed begin with 0, so that the first growth is seen, too. */
  counter(name: MetricName): Counter {
    const counter = new Counter(this.#options(name));
    for (const labels of listed(METRICS[name])) counter.inc(labels, 0);
    return counter;
  }

  histogram(name: MetricName): Histogram {
    const entry: MetricEntry = METRICS[name];
    const histogram = new Histogram({ ...this.#options(name), buckets: [...(entry.buckets ?? [])] });
    for (const labels of listed(entry)) if (Object.keys(labels).length > 0) histogram.zero(labels);
    return histogram;
  }

  /**
   * Is measured at each scrape, without a label.
   * @param value undefined: it is not known now, and has no value
   */
  measured(name: MetricName, value: () => number | undefined): void {
    this.byLabel(name, () => {
      const now = value();
      return given({ "": now });
    });
  }

  /** Is measured at each scrape, with one value for each value of its one label. */
  byLabel(name: MetricName, values: () => ByLabel | Promise<ByLabel>): void {
    const entry: MetricEntry = METRICS[name];
    const [label] = Object.keys(entry.labels);
    const Kind = entry.kind === "counter" ? Counter : Gauge;
    new Kind({
      ...this.#options(name),
      async collect() {
        // Who cannot be asked now has no value; the rest of the page is shown.
        const now = await Promise.resolve()
          .then(values)
          .catch((): ByLabel => ({}));
        this.reset();
        // Without a label, prom-client begins with 0.
        if (label === undefined && !("" in now)) this.remove();
        for (const [key, value] of Object.entries(now))
          if (label === undefined) this.inc(value);
          else this.inc({ [label]: key }, value);
      },
    });
  }

  #options(name: MetricName) {
    const { help, labels }: MetricEntry = METRICS[name];
    return {
      name: `${METRIC_PREFIX}${name}`,
      help,
      labelNames: Object.keys(labels),
      registers: [this.registry],
    };
  }
}

/** Every set of labels of a metric whose values are all listed; none for others. All our metrics have one label at most. */
function listed({ labels }: MetricEntry): Array<Record<string, string>> {
  const [entry] = Object.entries(labels);
  if (entry === undefined) return [{}];
  const [label, values] = entry;
  return values === "open" ? [] : values.map((value) => ({ [label]: value }));
}
