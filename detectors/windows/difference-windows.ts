import type { DistinctWindows } from './distinct-windows.ts'
import type { SumWindows } from './sum-windows.ts'

/** What can be asked of a measure's sliding windows, however it adds up. */
export type Counter = Pick<SumWindows, 'advance' | 'count' | 'read' | 'oldest' | 'clear' | 'size'>

/**
 * How many more objects `whole` counts than `part`, in the windows of `part`, `windows` in number: the widest of the
 * `windowsOfWhole`. Fed through the two; advanced and cleared with `part`.
 */
export function differenceOf(
  whole: DistinctWindows,
  part: DistinctWindows,
  windowsOfWhole: number,
  windows: number,
): Counter {
  const shorter = windowsOfWhole - windows
  const ofWhole = new Float64Array(windowsOfWhole)
  return {
    advance: part.advance,
    count: (actor, window) => Math.max(0, whole.count(actor, window + shorter) - part.count(actor, window)),
    read(actor, into) {
      whole.read(actor, ofWhole)
      part.read(actor, into)
      for (let w = 0; w < windows; w++) into[w] = Math.max(0, ofWhole[w + shorter] - into[w])
    },
    oldest: (actor, window) => whole.oldest(actor, window + shorter),
    clear: part.clear,
    get size() {
      return part.size
    },
  }
}
