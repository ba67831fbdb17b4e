import { createCalendar } from '../../detectors/days/calendar.ts'
import { createEngine, type Engine } from '../../detectors/engine.ts'
import type { ActorFinding, EngineOptions } from '../../detectors/engine-contract.ts'
import { bindDetectors } from '../../detectors/registry.ts'
import type { CaseEvent } from '../../fixtures/cases/case.ts'
import { createEventBatch, type EventBatch, type Kind, NONE } from '../../model/event-batch.ts'
import type { StaffRecord } from '../../model/staff.ts'

/** An engine with dictionaries in memory, for tests that need no store. */
export interface Bench {
  readonly engine: Engine
  encode(events: readonly CaseEvent[]): EventBatch
  actor(uid: string): number
  /** Folds in the order given; staff records take effect when they were recorded. */
  fold(events: readonly CaseEvent[], staff?: readonly StaffRecord[]): ActorFinding[]
}

export interface BenchOptions extends Partial<EngineOptions> {
  /** Contacts stand in the order of the numbers at the end of their ids. */
  readonly numbered?: boolean
  /** Contacts that are planted to be touched by nobody. */
  readonly plantedUids?: readonly string[]
}

export function createBench({ numbered = false, plantedUids = [], ...options }: BenchOptions = {}): Bench {
  const uids: string[] = []
  const objects = new Map<string, number>()
  const numbers: number[] = []
  const addresses: string[] = []
  const programs: string[] = []
  const origins: { readonly place: number; readonly program: number }[] = []
  const kinds: Kind[] = []
  const codeOf = (list: string[], uid: string) => (list.includes(uid) ? list.indexOf(uid) : list.push(uid) - 1)
  const kindCode = (kind: Kind) => {
    const at = kinds.findIndex((known) => JSON.stringify(known) === JSON.stringify(kind))
    return at === -1 ? kinds.push(kind) - 1 : at
  }
  const objectCode = (uid: string): number => {
    const known = objects.get(uid)
    if (known !== undefined) return known
    numbers.push(Number(/\d+$/.exec(uid)?.[0] ?? Number.NaN))
    objects.set(uid, objects.size)
    return objects.size - 1
  }
  const codeOrNone = (list: string[], text: string | undefined) => (text === undefined ? NONE : codeOf(list, text))
  const originCode = ({ address, program }: CaseEvent): number => {
    const origin = { place: codeOrNone(addresses, address), program: codeOrNone(programs, program) }
    const known = origins.findIndex((one) => one.place === origin.place && one.program === origin.program)
    return known === -1 ? origins.push(origin) - 1 : known
  }
  const engine = createEngine({
    calendar: createCalendar('UTC'),
    detectors: bindDetectors(),
    reorderToleranceMs: 5_000,
    directory: { org: () => 'default', uid: (code) => uids[code] },
    kindOf: (code) => kinds[code],
    order: numbered ? { orderOf: (object) => numbers[object] } : undefined,
    placeOf: (origin) => origins[origin].place,
    programOf: (origin) => origins[origin].program,
    planted: new Set(plantedUids.map(objectCode)),
    ...options,
  })
  const encode = (events: readonly CaseEvent[]): EventBatch => {
    const batch = createEventBatch(events.length)
    for (const [i, event] of events.entries()) {
      const codes = (event.objects ?? []).map(objectCode)
      batch.time[i] = event.time
      batch.actor[i] = codeOf(uids, event.actor)
      batch.kind[i] = kindCode(kindOf(event))
      batch.object[i] = codes[0] ?? NONE
      batch.objects[i] = codes.length > 1 ? Int32Array.from(codes) : null
      batch.owner[i] = event.owner === undefined ? NONE : codeOf(uids, event.owner)
      batch.origin[i] = originCode(event)
      batch.recordCount[i] =
        event.count === undefined ? (codes.length > 0 ? codes.length : NONE) : (event.count ?? NONE)
      batch.logicalOp[i] = event.operation ?? null
      batch.length++
    }
    return batch
  }
  return {
    engine,
    encode,
    actor: (uid) => codeOf(uids, uid),
    fold(events, staff = []) {
      const batch = encode(events)
      const records = [...staff].sort((a, b) => a.recorded_at - b.recorded_at)
      for (let i = 0; i < batch.length; i++) {
        while (records.length > 0 && records[0].recorded_at <= batch.time[i]) {
          const record = records.shift()
          if (record !== undefined) engine.putStaff(codeOf(uids, record.actor_uid), record)
        }
        engine.fold(batch, i)
      }
      return engine.takeFindings()
    },
  }
}

export function kindOf(event: CaseEvent): Kind {
  return {
    source: 'test',
    source_product: null,
    source_event_type: null,
    actor_type: 'user',
    action: event.action,
    object_type: event.object_type ?? 'contact',
    object_uids_complete: true,
    record_count_basis: event.count === null ? 'unknown' : 'reported',
    has_contact_fields: null,
    channel: 'ui',
    client_app: null,
    export_format: null,
    outcome: event.outcome ?? 'success',
    excluded: false,
  }
}

export const inOrder = (events: readonly CaseEvent[]): CaseEvent[] => [...events].sort((a, b) => a.time - b.time)
