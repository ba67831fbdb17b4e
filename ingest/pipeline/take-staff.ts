import type { Engine } from '../../detectors/engine.ts'
import { LOOK_BACK_MS } from '../../detectors/leaver-state.ts'
import { parseJsonText } from '../../model/json-text.ts'
import type { StaffRecord } from '../../model/staff.ts'
import type { Dictionaries } from '../../store/dictionaries.ts'
import type { Reject } from '../adapters/canonical.ts'
import type { RefoldRequest } from '../refold/refold-queue.ts'
import { parseStaffRecord, type StaffDefaults } from '../staff/parse-staff.ts'

/**
 * Gives the records to the engine. A notice asks for the person's past `LOOK_BACK_MS` to be examined again; a last working
 * day that was over before what a leaver did, for the time since, no further back than that.
 */
export function takeStaff(records: readonly StaffRecord[], codes: Dictionaries, engine: Engine): RefoldRequest[] {
  const requests: RefoldRequest[] = []
  for (const record of records) {
    const actor = codes.actor(record.org_uid, record.actor_uid)
    const { becameLeaver, leftEarlier } = engine.putStaff(actor, record)
    if (!becameLeaver && leftEarlier === null) continue
    const atTime = record.recorded_at
    const earliest = atTime - LOOK_BACK_MS
    const fromTime = becameLeaver || leftEarlier === null ? earliest : Math.max(leftEarlier, earliest)
    requests.push({ actor, fromTime, cause: 'notice', atTime })
  }
  return requests
}

export type StaffMessage =
  | { readonly ok: true; readonly record: StaffRecord }
  | { readonly ok: false; readonly reject: Reject }

/** Reads one message of the staff topic. */
export function readStaffMessage(value: Buffer | null, defaults: StaffDefaults): StaffMessage {
  if (value === null || value.length === 0) return refuse('empty', 'the message is empty')
  let parsed: unknown
  try {
    parsed = parseJsonText(value.toString())
  } catch {
    return refuse('invalid_json', 'the message is not valid JSON')
  }
  const outcome = parseStaffRecord(parsed, defaults)
  return outcome.ok ? outcome : refuse('invalid_event', outcome.reason)
}

const refuse = (reason: Reject['reason'], detail: string): StaffMessage => ({ ok: false, reject: { reason, detail } })
