import { readCustomRules } from '../../../config/custom-rules/read-custom-rules.ts'
import { formatFault } from '../../../config/fault.ts'
import {
  type CustomRules,
  createCustomRules,
  type RuleMatch,
  type RuleScope,
} from '../../../detectors/custom/custom-rules.ts'
import type { GroupLimits } from '../../../detectors/custom/groups.ts'
import type { EventOrigin, RuleActor } from '../../../detectors/custom/row-fields.ts'
import type { CustomRuleSet } from '../../../model/custom-rule.ts'
import type { ContactAccessEvent } from '../../../model/event.ts'
import { createEventBatch, type EventBatch, type Kind, NONE } from '../../../model/event-batch.ts'

/** An event of a test: fields as in the canonical event, and what HR says of the actor. */
export type RuleEvent = Partial<ContactAccessEvent> & { readonly staff?: Partial<RuleActor> }

/** Rules with dictionaries in memory. */
export interface RuleBench {
  readonly rules: CustomRules
  readonly actor: (uid: string, org?: string) => number
  fold(events: readonly RuleEvent[], scope?: RuleScope): RuleMatch[]
}

export function readRules(text: string, file = 'rules/test.yml'): CustomRuleSet {
  const result = readCustomRules([{ file, text }])
  if (!result.ok) throw new Error(result.faults.map(formatFault).join('\n'))
  return result.rules
}

export function createRuleBench(text: string, limits?: GroupLimits): RuleBench {
  const actors = createCodes()
  const objects = createCodes()
  const origins = createCodes()
  const kinds = createCodes()
  const parse = <T>(json: string): T => JSON.parse(json)
  const rules = createCustomRules(
    readRules(text),
    {
      kindOf: (code) => parse<Kind>(kinds.text(code)),
      directory: { org: (code) => actors.text(code).split('/')[0], uid: (code) => actors.text(code).split('/')[1] },
      originOf: (code) => parse<EventOrigin>(origins.text(code)),
      objectUid: (code) => objects.text(code).split('/')[1],
    },
    limits,
  )
  const encode = (event: RuleEvent): EventBatch => {
    const org = event.org_uid ?? 'default'
    const batch = createEventBatch(1)
    const codes = (event.object_uids ?? []).map((uid) => objects.code(`${org}/${uid}`))
    const owners = event.owner_uids ?? []
    batch.time[0] = event.time ?? 0
    batch.actor[0] = actors.code(`${org}/${event.actor_uid ?? 'anna'}`)
    batch.kind[0] = kinds.code(JSON.stringify(kindOf(event)))
    batch.origin[0] = origins.code(JSON.stringify(originOf(event)))
    batch.object[0] = codes[0] ?? NONE
    batch.objects[0] = codes.length > 1 ? Int32Array.from(codes) : null
    batch.owner[0] = owners.length === 1 ? actors.code(`${org}/${owners[0]}`) : NONE
    batch.recordCount[0] = event.record_count ?? NONE
    batch.eventUid.set(0, event.event_uid ?? 'e')
    batch.logicalOp[0] = event.logical_op_uid ?? null
    batch.extra[0] = extraOf(event, owners)
    batch.length = 1
    return batch
  }
  return {
    rules,
    actor: (uid, org = 'default') => actors.code(`${org}/${uid}`),
    fold: (events, scope) =>
      events.flatMap((event) => [
        ...rules.fold(encode(event), 0, { role: null, team: null, leaver: 'none', ...event.staff }, scope),
      ]),
  }
}

function createCodes() {
  const texts: string[] = []
  const codes = new Map<string, number>()
  return {
    code(text: string): number {
      const known = codes.get(text)
      if (known !== undefined) return known
      codes.set(text, texts.length)
      return texts.push(text) - 1
    },
    text: (code: number): string => texts[code],
  }
}

const kindOf = (event: RuleEvent): Kind => ({
  source: 'test',
  source_product: event.source_product ?? null,
  source_event_type: event.source_event_type ?? null,
  actor_type: event.actor_type ?? 'user',
  action: event.action ?? 'view',
  object_type: event.object_type ?? 'contact',
  excluded: false,
  object_uids_complete: event.object_uids_complete ?? true,
  record_count_basis: event.record_count_basis ?? 'reported',
  has_contact_fields: event.has_contact_fields ?? null,
  channel: event.channel ?? null,
  client_app: event.client_app ?? null,
  export_format: event.export_format ?? null,
  outcome: event.outcome ?? 'success',
})

const originOf = (event: RuleEvent): EventOrigin => ({
  src_ip: event.src_ip ?? null,
  user_agent: event.user_agent ?? null,
  session_uid: event.session_uid ?? null,
  device_uid: event.device_uid ?? null,
})

function extraOf(event: RuleEvent, owners: readonly string[]): string | null {
  const { actor_name, on_behalf_of_uid, query_text, raw_ref, chunk_seq, bytes, columns, recipient_uids } = event
  const extra = { actor_name, on_behalf_of_uid, query_text, raw_ref, chunk_seq, bytes, columns, recipient_uids }
  const json = JSON.stringify({ ...extra, owner_uids: owners.length > 1 ? owners : undefined })
  return json === '{}' ? null : json
}
