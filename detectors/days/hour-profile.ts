import { createDayRows, type DayRows } from './day-rows.ts'
import { createLaggedDays, type LaggedDays } from './lagged-days.ts'

const HOURS = 24
/** Weekdays, Saturdays and Sundays are kept apart. */
const CLASSES = 3
const CELLS = HOURS * CLASSES
const KEEP_PER_DAY = 0.5 ** (1 / 40)
/** Past days of which the peers' hours are kept, for judging the past again. */
const KEPT_DAYS = 100
/** Weight of the peers' hours, in operations. */
const PEER_OPERATIONS = 40
/** Operations that must be known of a person and their peers before any hour is called unusual. */
const LEAST_KNOWN = 200
/** An hour is not one's own when less than this share of the work falls into it. */
const OWN_SHARE = 0.0025
/** Operations of an hour count at most so many times: a night of a thousand operations is one night. */
const MOST_PER_HOUR = 10
/** Own days that wait until a later one is asked for: so many may be closed already when they are folded again. */
const MOST_WAITING = 2

/** When each actor, and each role, works: operations per hour of the week. Own hours fade, peers' do not. */
export interface HourProfiles {
  /** Takes a closed day's operations per hour. */
  add(actor: number, day: number, hours: ArrayLike<number>): void
  addPeer(role: string, day: number, hours: ArrayLike<number>): void
  /** Fixes what is known of the role's hours for judging `day`; asked in the order of days, before they teach. */
  settle(role: string, day: number): void
  /** The hours of the day that are not the actor's, as bits, by what was known before the day. Per actor asked in the order of days. */
  offHours(actor: number, role: string, day: number): number
  clear(actor: number): void
}

type Cells = Float64Array | Float32Array

interface Own {
  readonly cells: Float64Array
  /** How many days wait; which ones, the oldest first; and their hours, one day's after the other's. */
  waiting: number
  readonly days: Int32Array
  readonly hours: Uint8Array
}

interface Peers {
  readonly taught: LaggedDays<Float64Array>
  /** As known for judging each day. */
  readonly settled: DayRows
}

export function createHourProfiles(): HourProfiles {
  const own: (Own | undefined)[] = []
  const roles = new Map<string, Peers>()

  const peersOf = (role: string): Peers => {
    let peers = roles.get(role)
    if (peers === undefined) {
      peers = {
        taught: createLaggedDays({ known: createCells(), gatherer: createCells, fold: addCells }),
        settled: createDayRows(CELLS, KEPT_DAYS),
      }
      roles.set(role, peers)
    }
    return peers
  }

  const settledFor = (role: string, day: number): Float32Array => {
    const { settled, taught } = peersOf(role)
    return settled.of(day, (row) => row.set(taught.knownFor(day)))
  }

  return {
    add(actor, day, hours) {
      let known = own[actor]
      if (known === undefined) {
        known = createOwn()
        while (own.length < actor) own.push(undefined)
        own[actor] = known
      }
      if (known.waiting === MOST_WAITING) learnOldest(known)
      known.days[known.waiting] = day
      for (let hour = 0; hour < HOURS; hour++)
        known.hours[known.waiting * HOURS + hour] = Math.min(hours[hour], MOST_PER_HOUR)
      known.waiting++
    },
    addPeer: (role, day, hours) => learn(peersOf(role).taught.gather(day), day, hours),
    settle(role, day) {
      settledFor(role, day)
    },
    offHours(actor, role, day) {
      const known = own[actor]
      if (known !== undefined) while (known.waiting > 0 && known.days[0] < day) learnOldest(known)
      const cells = known?.cells
      const peers = settledFor(role, day)
      const ownTotal = cells === undefined ? 0 : sum(cells)
      const peerTotal = sum(peers)
      if (ownTotal + peerTotal < LEAST_KNOWN) return 0
      const first = classOf(day) * HOURS
      let bits = 0
      for (let hour = 0; hour < HOURS; hour++) {
        const mine = cells === undefined ? 0 : around(cells, first, hour)
        const theirs = peerTotal === 0 ? 0 : around(peers, first, hour) / peerTotal
        if ((mine + PEER_OPERATIONS * theirs) / (ownTotal + PEER_OPERATIONS) < OWN_SHARE) bits |= 1 << hour
      }
      return bits
    },
    clear(actor) {
      own[actor] = undefined
    },
  }
}

const createOwn = (): Own => ({
  cells: createCells(),
  waiting: 0,
  days: new Int32Array(MOST_WAITING),
  hours: new Uint8Array(MOST_WAITING * HOURS),
})

function learnOldest(own: Own): void {
  const { cells, days, hours } = own
  for (let i = 0; i < CELLS; i++) cells[i] *= KEEP_PER_DAY
  learn(cells, days[0], hours)
  days.copyWithin(0, 1)
  hours.copyWithin(0, HOURS)
  own.waiting--
}

function learn(cells: Float64Array, day: number, hours: ArrayLike<number>): void {
  const first = classOf(day) * HOURS
  for (let hour = 0; hour < HOURS; hour++) cells[first + hour] += Math.min(hours[hour], MOST_PER_HOUR)
}

const createCells = (): Float64Array => new Float64Array(CELLS)

function addCells(known: Float64Array, taught: Float64Array): Float64Array {
  for (let i = 0; i < CELLS; i++) known[i] += taught[i]
  return known
}

/** 1970-01-01 was a Thursday. */
const classOf = (day: number): number => {
  const weekday = (((day + 3) % 7) + 7) % 7
  return weekday < 5 ? 0 : weekday - 4
}

/** An hour with half of its neighbours: work drifts. */
const around = (cells: Cells, first: number, hour: number): number =>
  cells[first + hour] +
  (hour > 0 ? cells[first + hour - 1] / 2 : 0) +
  (hour < HOURS - 1 ? cells[first + hour + 1] / 2 : 0)

const sum = (cells: Cells): number => {
  let total = 0
  for (const cell of cells) total += cell
  return total
}
