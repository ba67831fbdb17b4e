import type { TSchema } from 'typebox'
import { SettingsSchema } from './schema.ts'

/** One setting, flattened out of the schema. */
export interface ConfigKey {
  /** Such as `http.port`. */
  readonly path: string
  /** Such as `CRMWATCH_HTTP_PORT`. */
  readonly env: string
  readonly kind: 'integer' | 'number' | 'boolean' | 'text' | 'choice' | 'list'
  readonly schema: TSchema
  /** What is allowed, in words. */
  readonly allowed: string
  readonly default: unknown
  readonly description: string
  readonly secret: boolean
}

export const ENV_PREFIX = 'CRMWATCH_'

/** Every setting in the order of the schema. `detectors.<id>` is not among them: its names are not fixed. */
export function configKeys(): ConfigKey[] {
  return collect(SettingsSchema, '')
}

export const envName = (path: string): string => ENV_PREFIX + path.replaceAll('.', '_').toUpperCase()

function collect(schema: TSchema, path: string): ConfigKey[] {
  const node = schema as Annotated
  if (node.properties !== undefined) {
    const below = path === '' ? '' : `${path}.`
    return Object.entries(node.properties).flatMap(([name, child]) => collect(child, below + name))
  }
  const value: Annotated = node.anyOf?.[0] ?? node
  const kind = kindOf(value)
  return [
    {
      path,
      env: envName(path),
      kind,
      schema,
      allowed: node.allowed ?? describe(kind, value),
      default: node.default,
      description: node.description ?? '',
      secret: node.secret === true,
    },
  ]
}

interface Annotated extends TSchema {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly properties?: Record<string, TSchema>
  readonly anyOf?: readonly Annotated[]
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
  readonly description?: string
  readonly allowed?: string
  readonly secret?: boolean
}

function kindOf(schema: Annotated): ConfigKey['kind'] {
  if (schema.enum !== undefined) return 'choice'
  if (schema.type === 'integer' || schema.type === 'number' || schema.type === 'boolean') return schema.type
  return schema.type === 'array' ? 'list' : 'text'
}

function describe(kind: ConfigKey['kind'], schema: Annotated): string {
  switch (kind) {
    case 'integer':
      return `a whole number from ${schema.minimum} to ${schema.maximum}`
    case 'number':
      return `a number from ${schema.minimum} to ${schema.maximum}`
    case 'boolean':
      return '`true` or `false`'
    case 'choice':
      return `one of ${schema.enum?.map((value) => `\`${value}\``).join(', ')}`
    case 'list':
      return 'a list'
    case 'text':
      return 'text, not empty'
  }
}
