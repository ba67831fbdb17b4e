import type { FastifySchemaValidationError } from 'fastify'
import { ASSIGNEE, NOT_BLANK, ONE_LINE } from '../../model/readable-text.ts'
import type { ProblemErrors } from '../problem.ts'

const MOST = 20

/** What texts may be where a pattern says so. */
const TEXTS: ReadonlyMap<unknown, string> = new Map([
  [NOT_BLANK, 'must not be blank'],
  [ONE_LINE, 'must be text on one line, and not blank'],
  [ASSIGNEE, 'must be text on one line, not blank, and not `none`, which stands for nobody'],
])

/** How the types that JSON has are told to people. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}

/**
 * What is wrong with a part of a request and what is allowed there, without anything that the client sent but the path
 * to it. `root` is where the part stands, such as `/body`; `schema` is the part's own, in which errors name their place.
 */
export function describeInvalid(
  errors: readonly FastifySchemaValidationError[],
  root: string,
  schema: unknown,
): ProblemErrors {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf')
  const branchesOf = (union: FastifySchemaValidationError) =>
    errors.filter((error) => error !== union && error.schemaPath.startsWith(`${union.schemaPath}/anyOf/`))
  const merged = new Set(
    unions.flatMap((union) => branchesOf(union).filter(({ instancePath }) => instancePath === union.instancePath)),
  )
  return errors.slice(0, MOST).flatMap((error) => {
    // TypeBox says of an unknown name that it meets the schema `false`, and then again that it is additional.
    if (error.keyword === 'boolean' || merged.has(error)) return []
    const path = `${root}${error.instancePath}`.slice(0, 200)
    if (error.keyword !== 'anyOf') return { path, message: messageOf(error, schema) }
    const branches = branchesOf(error).filter((branch) => merged.has(branch))
    // Without any, what is wrong lies deeper, and is told there.
    return branches.length === 0 ? [] : { path, message: eitherOf(branches, schema) }
  })
}

function messageOf({ keyword, schemaPath, params, message }: FastifySchemaValidationError, schema: unknown): string {
  switch (keyword) {
    case 'enum':
      if (Array.isArray(params.allowedValues)) return `must be one of: ${params.allowedValues.join(', ')}`
      break
    case 'const':
      return `must be: ${String(params.allowedValue)}`
    case 'pattern': {
      const rule = TEXTS.get(params.pattern)
      if (rule !== undefined) return rule
      break
    }
    case 'type':
      return `must be ${typeName(params.type)}`
    case 'required':
      if (Array.isArray(params.requiredProperties)) return `must have: ${params.requiredProperties.join(', ')}`
      break
    case 'additionalProperties':
      return `has a name that is not known; allowed: ${namesAt(schema, schemaPath)}`
  }
  return message ?? 'is not valid'
}

/** One message for a value that none of several schemas takes. */
function eitherOf(branches: readonly FastifySchemaValidationError[], schema: unknown): string {
  const types = branches.filter(({ keyword }) => keyword === 'type').map(({ params }) => typeName(params.type))
  const others = branches.filter(({ keyword }) => keyword !== 'type').map((branch) => messageOf(branch, schema))
  if (others.length === 0) return `must be ${types.join(' or ')}`
  return [...others, ...types].join('; or ')
}

const typeName = (type: unknown): string => TYPES[String(type)] ?? String(type)

/** The names that the object has whose schema stands at a path such as `#/properties/scope`. */
function namesAt(schema: unknown, schemaPath: string): string {
  let at = schema
  for (const step of schemaPath.split('/').slice(1)) {
    at = typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined
  }
  if (typeof at !== 'object' || at === null || !('properties' in at)) return 'see the OpenAPI document'
  return Object.keys(Object(at.properties)).join(', ') || 'none'
}
