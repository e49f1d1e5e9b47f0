/** Powertools' metrics, written nowhere: counts by kind and partner, which the handlers sum up themselves. */
export class Metrics {
  addDimensions(): void {}
  addMetric(): void {}
  publishStoredMetrics(): void {}
}
