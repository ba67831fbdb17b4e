/** What is counted for an actor. The order is the wire and storage order of day peaks; append only. */
export const MEASURES = [
  /** Distinct contacts opened. */
  'contacts_viewed',
  /** Distinct contacts whose phone number, e-mail or address was copied. */
  'contacts_copied',
  /** Records that left by export, print, download, share, bulk or API read; one logical operation counted once. */
  'records_taken',
  /** Records shown by lists and searches. */
  'records_listed',
  /** Operations that took records out without saying how many. */
  'unsized_exports',
  /** Distinct contacts opened or copied that belong to somebody else. */
  'contacts_foreign',
  /** Contacts opened or copied that this actor had not touched in the 28 days before. */
  'contacts_new',
  /** Distinct contacts opened or copied today at hours that are not this actor's. */
  'contacts_off_hours',
  /** Contacts opened or copied today next to one touched just before, in the order of their ids. */
  'contacts_in_order',
  /** Records opened, copied or taken out today from an address that is new to this actor. */
  'records_new_place',
  /** Distinct contacts opened, less those worked on in the same time: changed, deleted or come back to. */
  'contacts_unworked',
  /** Records opened, copied or taken out today from a new address while a usual one was in use too. */
  'records_elsewhere',
  /** Distinct contacts opened or copied today that are planted to be touched by nobody. */
  'contacts_planted',
  /** Records that were sent to somebody by `share`; one logical operation counted once. */
  'records_shared',
  /** Records opened, copied or taken out today in a way that is new to this actor: a first export, a first use of the API, a new kind of object. */
  'records_new_way',
  /** Records changed or deleted today after as many were taken out, which lists or searches had come before. */
  'records_cleared',
  /** Records opened, copied or taken out today while HR says that the actor is away. */
  'records_on_leave',
  /** Contacts opened today after the same time as the one before. */
  'contacts_even',
  /** Records taken out today, in hundredths of the actor's own portfolio; of nobody whose portfolio HR does not tell. */
  'portfolio_taken',
] as const
export type Measure = (typeof MEASURES)[number]

/** Each measure's place among all. */
export const MEASURE_INDEX = Object.fromEntries(MEASURES.map((measure, index) => [measure, index])) as Readonly<
  Record<Measure, number>
>

/** How a measure adds up inside a window. */
export const MEASURE_KIND: Readonly<Record<Measure, 'distinct' | 'sum' | 'difference'>> = {
  contacts_viewed: 'distinct',
  contacts_copied: 'distinct',
  records_taken: 'sum',
  records_listed: 'sum',
  unsized_exports: 'sum',
  contacts_foreign: 'distinct',
  contacts_new: 'sum',
  contacts_off_hours: 'distinct',
  contacts_in_order: 'sum',
  records_new_place: 'sum',
  contacts_unworked: 'difference',
  records_elsewhere: 'sum',
  contacts_planted: 'distinct',
  records_shared: 'sum',
  records_new_way: 'sum',
  records_cleared: 'sum',
  records_on_leave: 'sum',
  contacts_even: 'sum',
  portfolio_taken: 'sum',
}

/** Measures that begin anew with every local day, and have no longer windows. */
export const MEASURES_OF_THE_DAY: readonly Measure[] = [
  'contacts_off_hours',
  'contacts_in_order',
  'records_new_place',
  'records_elsewhere',
  'contacts_planted',
  'records_new_way',
  'records_cleared',
  'records_on_leave',
  'contacts_even',
  'portfolio_taken',
]

/** Spans of event time that end at an event; both ends included. Over a week they hold whole weeks. */
export const WINDOWS = ['10m', '1h', '1d', '7d', '28d'] as const
export type Window = (typeof WINDOWS)[number]

export const WINDOW_MS: Readonly<Record<Window, number>> = {
  '10m': 600_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
  '7d': 7 * 86_400_000,
  '28d': 28 * 86_400_000,
}

const UP_TO_A_DAY: readonly Window[] = ['10m', '1h', '1d']
const FROM_A_DAY: readonly Window[] = ['1d', '7d', '28d']

/** The windows in which each measure is counted; in the others it is 0. What begins anew with the day has no longer ones. */
export const MEASURE_WINDOWS: Readonly<Record<Measure, readonly Window[]>> = {
  contacts_viewed: WINDOWS,
  contacts_copied: WINDOWS,
  records_taken: WINDOWS,
  records_listed: UP_TO_A_DAY,
  unsized_exports: WINDOWS,
  contacts_foreign: FROM_A_DAY,
  contacts_new: FROM_A_DAY,
  contacts_off_hours: ['1d'],
  contacts_in_order: ['1h', '1d'],
  records_new_place: ['1h', '1d'],
  contacts_unworked: FROM_A_DAY,
  records_elsewhere: ['1d'],
  contacts_planted: ['1d'],
  records_shared: ['1d'],
  records_new_way: ['1d'],
  records_cleared: ['1d'],
  records_on_leave: ['1d'],
  contacts_even: ['1h'],
  portfolio_taken: ['1d'],
}

/** One (measure, window) pair; `slot` = measure index x number of windows + window index. */
export const SLOT_COUNT = MEASURES.length * WINDOWS.length
export const slotOf = (measure: Measure, window: Window): number =>
  MEASURE_INDEX[measure] * WINDOWS.length + WINDOWS.indexOf(window)
export const measureOfSlot = (slot: number): Measure => MEASURES[Math.floor(slot / WINDOWS.length)]
export const windowOfSlot = (slot: number): Window => WINDOWS[slot % WINDOWS.length]
