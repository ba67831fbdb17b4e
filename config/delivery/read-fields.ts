import type { TObject, TSchema } from 'typebox'
import { Check } from 'typebox/value'
import { showValue } from '../fault.ts'
import { nearest } from '../nearest.ts'
import type { OpenSection } from '../open-section.ts'
import { asTyped } from '../typed-text.ts'
import type { FieldNotes } from './channel-schema.ts'

export interface FieldReader {
  readonly section: OpenSection
  /** Where the section stands, such as `channels`. */
  readonly root: string
  /** `path` below the root. */
  readonly fault: (path: string, found: string, allowed: string) => void
  /** A secret's text in the file at that path; null when it cannot be read. */
  readonly readSecretFile: (path: string) => string | null
}

export type Annotated = TSchema & Partial<FieldNotes> & { readonly properties?: Record<string, TSchema> }

/** Checks the fields of one object against its schema, one fault for each that is wrong; null when any is. */
export function readFields(
  schema: TObject,
  raw: unknown,
  path: string,
  reader: FieldReader,
): Record<string, unknown> | null {
  if (!isRecord(raw)) {
    reader.fault(path, describe(raw), 'a section')
    return null
  }
  const properties = schema.properties as Record<string, Annotated>
  const result: Record<string, unknown> = {}
  let good = true
  const refuse = (name: string, found: string, allowed: string) => {
    good = false
    reader.fault(`${path}.${name}`, found, allowed)
  }
  for (const name of Object.keys(raw).filter((given) => !isField(given, properties))) {
    const near = nearest(name, Object.keys(properties))
    refuse(
      name,
      'an unknown key',
      near === null ? `one of ${Object.keys(properties).join(', ')}` : `did you mean ${near}?`,
    )
  }
  for (const [name, field] of Object.entries(properties)) {
    const value = takeField(name, field, raw, path, reader, refuse)
    if (value === REFUSED) continue
    if (value === undefined || value === null) {
      if (schema.required?.includes(name)) refuse(name, 'nothing', field.allowed ?? 'a value')
    } else if (field.properties !== undefined) {
      const nested = readFields(field as unknown as TObject, value, `${path}.${name}`, reader)
      if (nested === null) good = false
      else result[name] = nested
    } else if (Check(field, value)) result[name] = value
    else {
      const template = field.secret === true ? null : reader.section.templateOf(`${path}.${name}`)
      refuse(name, template ?? found(field, value, raw[name]), field.allowed ?? 'another value')
    }
  }
  return good ? result : null
}

const REFUSED = Symbol('refused')

/** What a field holds: of a list with one entry the entry may stand alone; a secret may come from a file. */
function takeField(
  name: string,
  field: Annotated,
  raw: Record<string, unknown>,
  path: string,
  reader: FieldReader,
  refuse: (name: string, found: string, allowed: string) => void,
): unknown {
  const given = raw[name]
  if (field.secret === true) {
    const file = raw[`${name}_file`]
    if (file !== undefined && file !== null) {
      if (given !== undefined && given !== null) refuse(`${name}_file`, `${name} as well`, 'one of the two')
      const content = typeof file === 'string' ? reader.readSecretFile(file) : null
      if (content !== null && content !== '') return content
      refuse(
        `${name}_file`,
        content === '' ? 'an empty file' : 'no readable file there',
        'the path of a file with the secret',
      )
      return REFUSED
    }
    if (typeof given === 'string' && reader.section.isWrittenOut(`${path}.${name}`)) {
      refuse(
        name,
        'a secret written out (not shown)',
        `\${NAME} of an environment variable, or ${name}_file with the path of a file`,
      )
      return REFUSED
    }
  }
  if (field.address === true && typeof given === 'string' && reader.section.isWrittenOut(`${path}.${name}`)) {
    if (URL.canParse(given) && new URL(given).password !== '') {
      refuse(
        name,
        'a password written out (not shown)',
        `an address without, or with \${NAME} of an environment variable`,
      )
      return REFUSED
    }
  }
  if ((field as { type?: unknown }).type === 'array' && typeof given === 'string') return [given]
  return reader.section.templateOf(`${path}.${name}`) === null ? given : asTyped(field, given)
}

const isField = (name: string, properties: Record<string, Annotated>): boolean =>
  Object.hasOwn(properties, name) || (name.endsWith('_file') && properties[name.slice(0, -5)]?.secret === true)

function found(field: Annotated, value: unknown, raw: unknown): string {
  if (field.secret === true) return `a ${typeof raw === 'string' ? 'text' : typeof raw} (not shown)`
  if (field.address === true) return 'something else (not shown)'
  const items = (field as { items?: TSchema }).items
  if (Array.isArray(value) && items !== undefined) {
    const wrong = value.find((item) => !Check(items, item))
    return wrong === undefined ? (value.length === 0 ? 'an empty list' : 'a list that is too long') : showValue(wrong)
  }
  return describe(raw)
}

const describe = (value: unknown): string => (value === undefined || value === null ? 'nothing' : showValue(value))

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
