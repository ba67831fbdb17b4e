import type { Action } from '../model/event.ts'

/** A company's access log without end: one event after the other, dense in event time, the same for the same seed. */
export interface EventStream {
  /** The next event; the object is reused. */
  next(): BenchEvent
  /** Event time reached, epoch ms. */
  readonly time: number
}

export interface BenchEvent {
  actor: number
  partition: number
  json: string
}

export interface EventStreamOptions {
  readonly actors: number
  readonly partitions: number
  /** Event time of the first event, epoch ms; a working day's morning. */
  readonly startTime: number
  readonly eventsPerDay: number
  /** People of each tenant, who follow one another; without it all are of the default tenant, in teams of ten. */
  readonly peoplePerTenant?: number
  /** Number of the first event: a stream may be taken up where another one ended. */
  readonly firstIndex: number
  readonly seed: number
}

export const EVENTS_PER_DAY = 330_000
const DAY_MS = 86_400_000
const DAY_BEGINS_MS = 7 * 3_600_000
const WORKDAY_MS = 12 * 3_600_000
const CONTACTS_PER_ACTOR = 200
const PEOPLE_PER_TEAM = 10
const OUT_OF_ORDER_SHARE = 0.02
const LATEST_MS = 4_900
/** Spread of the actors' activity (standard deviation of its logarithm). */
const ACTIVITY_SPREAD = 0.8

/** Share of each operation; views take what is left. */
const SHARES: readonly (readonly [Action, number])[] = [
  ['list', 0.1],
  ['search', 0.05],
  ['update', 0.03],
  ['copy', 0.012],
  ['login', 0.005],
  ['export', 0.0002],
]

export function createEventStream(options: EventStreamOptions): EventStream {
  const { actors, partitions, startTime, eventsPerDay, seed } = options
  // Numbers depend on the event's place alone, so that a stream taken up later goes on as the unbroken one would.
  const pickActor = createWeightedPick(activityOf(actors, seed))
  const people: People = { actors, perTeam: options.peoplePerTenant ?? PEOPLE_PER_TEAM }
  const orgOf = (actor: number): string =>
    options.peoplePerTenant === undefined ? '' : `,"org_uid":"t${Math.floor(actor / options.peoplePerTenant)}"`
  const event: BenchEvent = { actor: 0, partition: 0, json: '' }
  let index = options.firstIndex
  let time = timeOf(index, startTime, eventsPerDay)

  return {
    get time() {
      return time
    },
    next() {
      const random = createRandom(seed ^ Math.imul(index, 0x9e3779b1))
      random()
      time = timeOf(index, startTime, eventsPerDay)
      const actor = pickActor(random(), random())
      const at = random() < OUT_OF_ORDER_SHARE ? time - Math.floor(random() * LATEST_MS) : time
      const name = actorName(actor)
      const action = actionOf(random())
      const day = Math.floor(index / eventsPerDay)
      const head = `{"event_uid":"acme-${name}-${index.toString(36)}","time":"${isoOf(at)}"${orgOf(actor)},"actor_uid":"${name}","action":"${action}"`
      const tail = `"channel":"ui","src_ip":"10.${actor % 7}.${(actor >>> 8) & 255}.${actor & 255}","session_uid":"s${(actor * 4096 + day).toString(36)}"}`
      event.actor = actor
      event.partition = actor % partitions
      event.json = `${head},${touched(action, actor, people, random)},${tail}`
      index++
      return event
    },
  }
}

export const actorName = (actor: number): string => `u${String(actor).padStart(5, '0')}`

/** The morning from which `days` working days of events end before `now`. */
export function startOfWorkdays(days: number, now: number): number {
  let day = Math.floor(now / DAY_MS) - 1
  for (let left = days; left > 0; ) if (isWorkday(--day)) left--
  return day * DAY_MS + DAY_BEGINS_MS
}

interface People {
  readonly actors: number
  readonly perTeam: number
}

function touched(action: Action, actor: number, { actors, perTeam }: People, random: () => number): string {
  if (action === 'login') return '"object_type":"unknown"'
  if (action === 'list' || action === 'search') {
    return `"object_type":"contact","object_uids_complete":false,"record_count":${1 + Math.floor(random() ** 3 * 49)},"record_count_basis":"reported"`
  }
  if (action === 'export') {
    return `"object_type":"report","record_count":${10 + Math.floor(random() * 190)},"record_count_basis":"reported","export_format":"csv"`
  }
  // Nine in ten touch the actor's own portfolio, and more often the same few customers; else a team-mate's.
  const owner = random() < 0.9 ? actor : (actor - (actor % perTeam) + Math.floor(random() * perTeam)) % actors
  const contact = owner * CONTACTS_PER_ACTOR + Math.floor(random() ** 2 * CONTACTS_PER_ACTOR)
  const columns = action === 'copy' ? ',"columns":["phone"]' : ''
  return `"object_type":"contact","object_uids":["c${1_000_000 + contact}"],"owner_uids":["${actorName(owner)}"]${columns}`
}

function actionOf(random: number): Action {
  let below = 0
  for (const [action, share] of SHARES) {
    below += share
    if (random < below) return action
  }
  return 'view'
}

/** Working days only, so that a day's events lie within its hours. */
function timeOf(index: number, startTime: number, eventsPerDay: number): number {
  const workdays = Math.floor(index / eventsPerDay)
  const within = Math.floor(((index % eventsPerDay) / eventsPerDay) * WORKDAY_MS)
  const first = Math.floor(startTime / DAY_MS)
  const weekday = (first + 3) % 7
  const weekends = Math.floor((weekday + workdays) / 5)
  return startTime + (workdays + weekends * 2) * DAY_MS + within
}

/** 1970-01-01 was a Thursday; 0 is Monday. */
const isWorkday = (day: number): boolean => (day + 3) % 7 < 5

let isoDay = -1
let isoDate = ''
/** RFC 3339 with milliseconds; the date is worked out once a day. */
function isoOf(time: number): string {
  const day = Math.floor(time / DAY_MS)
  if (day !== isoDay) {
    isoDay = day
    isoDate = new Date(day * DAY_MS).toISOString().slice(0, 11)
  }
  const ms = time - day * DAY_MS
  const two = (value: number) => (value < 10 ? `0${value}` : String(value))
  const [hour, minute, second] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60]
  return `${isoDate}${two(hour)}:${two(minute)}:${two(second)}.${String(ms % 1000).padStart(3, '0')}Z`
}

/** Log-normal, as real staff: a few work ten times as much in the CRM as most. */
function activityOf(actors: number, seed: number): Float64Array {
  const random = createRandom(seed)
  return Float64Array.from({ length: actors }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    return Math.exp(ACTIVITY_SPREAD * normal)
  })
}

/** Walker's alias method: a weighted choice in constant time. */
function createWeightedPick(weights: Float64Array): (a: number, b: number) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const scaled = weights.map((weight) => (weight * weights.length) / total)
  const alias = new Int32Array(weights.length)
  const small: number[] = []
  const large: number[] = []
  scaled.forEach((weight, i) => {
    ;(weight < 1 ? small : large).push(i)
  })
  while (small.length > 0 && large.length > 0) {
    const [less, more] = [small.pop() as number, large[large.length - 1]]
    alias[less] = more
    scaled[more] -= 1 - scaled[less]
    if (scaled[more] < 1) {
      large.pop()
      small.push(more)
    }
  }
  for (const rest of [...small, ...large]) scaled[rest] = 1
  return (a, b) => {
    const i = Math.floor(a * weights.length)
    return b < scaled[i] ? i : alias[i]
  }
}

/** Mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
