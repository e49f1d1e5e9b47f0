/** Of a function's memory, for what lives long; the rest is for the young generation, buffers and Node itself. */
const OLD_SHARE = 0.8;

export type HeapSizes = { readonly memoryMb: number; readonly nurseryMb?: number | undefined };

/**
 * Node's options for a function whose young generation is held small; none where it is not. Lambda's runtime sizes V8's heap
 * by the function's memory until NODE_OPTIONS names one of its parts, and then leaves the other to V8: so both are named.
 * Throws RangeError for a size that V8 does not take.
 */
export function heapOptions({ memoryMb, nurseryMb }: HeapSizes): readonly string[] {
  if (nurseryMb === undefined) return [];
  if (!Number.isInteger(nurseryMb) || nurseryMb < 1) {
    throw new RangeError(`a nursery of ${nurseryMb} MB can't be: V8 takes whole megabytes from 1 on`);
  }
  return [`--max-semi-space-size=${nurseryMb}`, `--max-old-space-size=${Math.floor(memoryMb * OLD_SHARE)}`];
}
