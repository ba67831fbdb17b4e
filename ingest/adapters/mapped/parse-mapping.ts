import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { LineCounter, parseDocument } from 'yaml'
import { isFields } from '../native-fields.ts'
import { Mapping } from './mapping.ts'

export type MappingResult =
  | { readonly ok: true; readonly mapping: Mapping }
  /** One sentence each, beginning with file, line and path. */
  | { readonly ok: false; readonly faults: readonly string[] }

const MOST_BYTES = 1_048_576

/** Reads a mapping. `file` is what its faults are headed with. */
export function parseMapping(text: string, file: string): MappingResult {
  if (text.length > MOST_BYTES) return { ok: false, faults: [`${file}: larger than ${MOST_BYTES} bytes`] }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ pos, message }) => `${file}:${lines.linePos(pos[0]).line}: ${message}`)
    return { ok: false, faults }
  }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch {
    return { ok: false, faults: [`${file}: aliases that cannot be resolved`] }
  }
  if (Value.Check(Mapping, value)) return { ok: true, mapping: value }

  const lineOf = (path: readonly string[]): number => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true)
      const range = isRanged(node) ? node.range : null
      if (range != null) return lines.linePos(range[0]).line
    }
    return 1
  }
  const faults = faultsOf(value).map(
    ({ path, text }) => `${file}:${lineOf(path)}: ${path.join('.') || 'mapping'}: ${text}`,
  )
  return { ok: false, faults: faults.length > 0 ? faults : [`${file}:1: mapping: not a mapping`] }
}

interface PlacedFault {
  readonly path: readonly string[]
  readonly text: string
}

/** Setting by setting, and each by the shape it has: a value that fits none of several shapes has one thing wrong. */
function faultsOf(value: unknown): PlacedFault[] {
  if (!isFields(value)) return [{ path: [], text: 'must be a list of settings, such as time: created_at' }]
  const settings: Readonly<Record<string, TSchema>> = Mapping.properties
  const faults: PlacedFault[] = []
  for (const name of Object.keys(value))
    if (!Object.hasOwn(settings, name))
      faults.push({ path: [name], text: `no such setting; there are ${Object.keys(settings).join(', ')}` })
  for (const name of REQUIRED) if (value[name] === undefined) faults.push({ path: [], text: `${name} is missing` })
  for (const [name, schema] of Object.entries(settings)) {
    if (value[name] === undefined) continue
    const [first] = Value.Errors(shapeFor(schema, value[name]), value[name])
    if (first === undefined) continue
    const at = first.instancePath.split('/').slice(1)
    const path = [name, ...at.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))]
    faults.push({ path, text: textOf(first) })
  }
  return faults
}

/** Of a setting that is a text, a list or several settings, the shape that the value was meant to have. */
function shapeFor(schema: TSchema, value: unknown): TSchema {
  if (!('anyOf' in schema) || !Array.isArray(schema.anyOf)) return schema
  const kind = Array.isArray(value) ? 'array' : isFields(value) ? 'object' : 'string'
  const shapes: readonly TSchema[] = schema.anyOf.flatMap((shape: TSchema) =>
    'anyOf' in shape && Array.isArray(shape.anyOf) ? shape.anyOf : [shape],
  )
  return shapes.find((shape) => ('type' in shape ? shape.type : 'string') === kind) ?? shapes[0]
}

function textOf({ message, params }: { readonly message: string; readonly params: object }): string {
  if ('allowedValues' in params) return `must be one of ${list(params.allowedValues)}`
  if ('additionalProperties' in params) return `no such setting: ${list(params.additionalProperties)}`
  if ('requiredProperties' in params) return `${list(params.requiredProperties)} is missing`
  return message
}

const REQUIRED = ['time', 'actor', 'action'] as const

const list = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value))

const isRanged = (node: unknown): node is { readonly range: readonly [number, number, number] | null | undefined } =>
  typeof node === 'object' && node !== null && 'range' in node
