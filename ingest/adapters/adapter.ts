import { type Static, type TObject, type TProperties, Type } from 'typebox'
import { Value } from 'typebox/value'
import type { ContactAccessEvent } from '../../model/event.ts'
import type { NativeRejectReason, RejectReason } from '../stream-sink.ts'
import { isEncoding } from './files/decode.ts'

/** One record of a CRM's log: a CSV row by its header's names (all values text), or a JSON object. */
export type NativeRow = Readonly<Record<string, unknown>>

/**
 * A canonical event as an adapter says it, under the wire names. What the row does not say is left out or null.
 * `event_uid`, `raw_ref`, `org_uid` (when the row names no tenant) and `source_product` are filled in by the caller.
 */
export type AdapterEvent = Partial<Omit<ContactAccessEvent, 'ingested_time' | 'raw_ref'>> &
  Pick<ContactAccessEvent, 'time' | 'actor_uid' | 'action'>

export type AdapterRejectReason = RejectReason | NativeRejectReason

/** What a row turned out to be. The three are kept apart in counts, metrics and dead letters. */
export type RowOutcome =
  /** Access: mostly one event, several where a row tells of several operations. */
  | { readonly kind: 'events'; readonly events: readonly AdapterEvent[] }
  /** A well-formed row that is no access; `type` is the source's own word for it, never a person or a record. */
  | { readonly kind: 'ignored'; readonly type: string }
  | Rejected

/** A row that should be readable and is not. `detail` says what, where and what is allowed, without the values. */
export interface Rejected {
  readonly kind: 'rejected'
  readonly reason: AdapterRejectReason
  readonly detail: string
}

export const oneEvent = (event: AdapterEvent): RowOutcome => ({ kind: 'events', events: [event] })
export const ignored = (type: string): RowOutcome => ({ kind: 'ignored', type })
export const rejected = (reason: AdapterRejectReason, detail: string): Rejected => ({
  kind: 'rejected',
  reason,
  detail,
})

/** Reads one row. Pure, keeps nothing between rows, and never throws, whatever the row holds. */
export type ReadRow = (row: NativeRow) => RowOutcome

/** An adapter with its options' types hidden, as the registry holds it. */
export interface Adapter {
  /** In kebab-case: configuration value, file name, docs page. */
  readonly name: string
  readonly title: string
  /** `source_product` of its events. */
  readonly product: string
  readonly options: TObject
  /**
   * Where a JSON document that is one object keeps its records, as dotted paths such as `result.items`. An object
   * without a list at one of these paths is itself a record.
   */
  readonly lists: readonly string[]
  /**
   * Under which name `ReadRow` sees a column or a top-level JSON key; the name itself when absent. Asked once per name
   * and file, not per row.
   */
  readonly keyOf?: (native: string) => string
  /** Checks the options and gives the row reader, or every fault in them. */
  bind(given: Readonly<Record<string, unknown>>): BoundAdapter | OptionFaults
}

export interface BoundAdapter {
  readonly ok: true
  readonly adapter: Adapter
  readonly source: Static<typeof SourceOptions>
  readonly readRow: ReadRow
}

export interface OptionFaults {
  readonly ok: false
  /** One sentence each: the option, and what is allowed. */
  readonly faults: readonly string[]
}

/** Options that every adapter has. */
export const SourceOptions = Type.Object({
  org: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'Tenant of all rows; by default the one that a row names.',
    }),
  ),
  format: Type.Enum(['auto', 'csv', 'json'], {
    default: 'auto',
    description: 'Form of the files; json includes JSON lines. Found out from the first bytes by default.',
  }),
  encoding: Type.Refine(
    Type.String({
      default: 'auto',
      description:
        'Character encoding of the files, such as windows-1251; by default the BOM decides, else UTF-8, with windows-1252 for bytes that are none.',
    }),
    isEncoding,
    () => 'must be an encoding that the runtime knows, such as windows-1251',
  ),
  delimiter: Type.Enum(['auto', ',', ';', '|', 'tab'], { default: 'auto', description: 'Between the cells of a CSV.' }),
})

/** Those of a file whose form is found out. */
export const DEFAULT_SOURCE: Static<typeof SourceOptions> = Value.Create(SourceOptions)

export interface AdapterDefinition<P extends TProperties> extends Omit<Adapter, 'options' | 'bind'> {
  readonly options: TObject<P>
  /** The reader, or what is wrong with options that are right one by one. */
  create(options: Static<TObject<P>>): ReadRow | OptionFaults
}

/** Where collectors and the answers of search engines keep lists of whatever they hand on. */
const COLLECTORS_LISTS = [
  ...['records', 'results', 'value', 'items', 'events', 'messages', 'hits.hits', 'logEvents'],
] as const

/** Further names for such lists, for logs whose own rows have no field of these names. */
export const ENVELOPE_LISTS = ['data', 'logs', 'rows', 'entries', 'list', 'result', 'hits', 'body', 'response'] as const

/** Makes an adapter of its definition. Options may come as text, as from a command line. */
export function defineAdapter<P extends TProperties>(definition: AdapterDefinition<P>): Adapter {
  const { create, ...described } = definition
  const adapter: Adapter = {
    ...described,
    lists: [...new Set([...described.lists, ...COLLECTORS_LISTS])],
    bind(given) {
      const known = new Set([...Object.keys(SourceOptions.properties), ...Object.keys(definition.options.properties)])
      const unknown = Object.keys(given).filter((name) => !known.has(name))
      const source = valueFor(SourceOptions, given)
      const own = valueFor(definition.options, given)
      const faults = [
        ...unknown.map((name) => `${name}: no such option; there are ${[...known].join(', ')}`),
        ...source.faults,
        ...own.faults,
      ]
      if (faults.length > 0 || !source.ok || !own.ok) return { ok: false, faults }
      const made = create(own.value)
      return typeof made === 'function' ? { ok: true, adapter, source: source.value, readRow: made } : made
    },
  }
  return adapter
}

type Valued<T> =
  | { readonly ok: true; readonly value: T; readonly faults: readonly string[] }
  | { readonly ok: false; readonly faults: readonly string[] }

/** The schema's part of the given options, with defaults and text converted to what the schema wants. */
function valueFor<P extends TProperties>(
  schema: TObject<P>,
  given: Readonly<Record<string, unknown>>,
): Valued<Static<TObject<P>>> {
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(schema.properties, name)))
  const value = Value.Convert(schema, Value.Default(schema, own))
  if (Value.Check(schema, value)) return { ok: true, value, faults: [] }
  const faults = Value.Errors(schema, value).map(({ instancePath, message, params }) => {
    const allowed = 'allowedValues' in params ? `${message}: ${JSON.stringify(params.allowedValues)}` : message
    return `${instancePath.slice(1) || 'options'}: ${allowed}`
  })
  return { ok: false, faults }
}
