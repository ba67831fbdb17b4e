import { MEASURE_WINDOWS, MEASURES, SLOT_COUNT, WINDOWS } from '../../model/measure.ts'
import { grown } from '../grown.ts'

/**
 * Closed days of one actor in a row, each with its flags and peaks. Four weeks of them are held of everybody, so they
 * lie packed in one array, in 16 bits a number until one needs more, without the slots in which nothing is counted.
 */
export interface DayQueue {
  readonly length: number
  day(i: number): number
  flags(i: number): number
  peak(i: number, slot: number): number
  /** How many slots were counted on that day: an earlier version had fewer. */
  slots(i: number): number
  push(day: number, flags: number, peaks: ArrayLike<number>): void
  /** Drops the first `count` days. */
  drop(count: number): void
}

const NOT_COUNTED = -1
const SLOTS = Array.from({ length: SLOT_COUNT }, (_, slot) => slot).filter((slot) =>
  MEASURE_WINDOWS[MEASURES[Math.floor(slot / WINDOWS.length)]].includes(WINDOWS[slot % WINDOWS.length]),
)
const DAY = 0
const FLAGS = 1
const COUNTED_SLOTS = 2
const PEAKS = 3
const WIDTH = PEAKS + SLOTS.length
/** Per slot, where its peak stands among a day's numbers. */
const PLACE = Int8Array.from({ length: SLOT_COUNT }, (_, slot) => {
  const place = SLOTS.indexOf(slot)
  return place === -1 ? NOT_COUNTED : PEAKS + place
})
const LARGEST_SHORT = 0xffff
const GROWTH_DAYS = 8

export function createDayQueue(): DayQueue {
  let numbers: Uint16Array | Int32Array = new Uint16Array(0)
  let length = 0

  const put = (at: number, value: number) => {
    // The day, too, fits 16 bits until the year 2149.
    if ((value > LARGEST_SHORT || value < 0) && numbers instanceof Uint16Array) numbers = Int32Array.from(numbers)
    numbers[at] = value
  }

  const makeRoom = () => {
    const ofKind = numbers instanceof Uint16Array ? Uint16Array : Int32Array
    numbers = grown(numbers, new ofKind((length + GROWTH_DAYS) * WIDTH))
  }

  return {
    get length() {
      return length
    },
    day: (i) => numbers[i * WIDTH + DAY],
    flags: (i) => numbers[i * WIDTH + FLAGS],
    slots: (i) => numbers[i * WIDTH + COUNTED_SLOTS],
    peak: (i, slot) => (PLACE[slot] === NOT_COUNTED ? 0 : numbers[i * WIDTH + PLACE[slot]]),
    push(day, flags, peaks) {
      const at = length * WIDTH
      if (at === numbers.length) makeRoom()
      put(at + DAY, day)
      put(at + FLAGS, flags)
      put(at + COUNTED_SLOTS, Math.min(peaks.length, SLOT_COUNT))
      // A row that an earlier version wrote knows fewer measures.
      for (let s = 0; s < SLOTS.length; s++) put(at + PEAKS + s, peaks[SLOTS[s]] ?? 0)
      length++
    },
    drop(count) {
      numbers.copyWithin(0, count * WIDTH, length * WIDTH)
      length -= count
    },
  }
}
