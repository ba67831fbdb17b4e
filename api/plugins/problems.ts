import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PROBLEMS, type ProblemCode, type ProblemErrors, sendProblem } from '../problem.ts'
import { InvalidCursor } from '../services.ts'

const DETAILS: Partial<Record<ProblemCode, string>> = {
  'invalid-request': 'See errors for what is wrong and what is allowed.',
  'body-too-large': 'Send it in smaller parts.',
  unavailable: 'The answer took too long; what was taken in may still be stored. Sending it again does no harm.',
  'unsupported-media-type': 'See the OpenAPI document for the types that this route takes.',
}
const PARTS: Readonly<Record<string, string>> = { querystring: 'query', params: 'path' }

/** Turns everything that goes wrong into a problem, and nothing of what the client sent or of our insides into text. */
export function addProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply))
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'not-found'))
}

/** Also for errors that happen before a route is found. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof InvalidCursor) {
    return sendProblem(reply, 'invalid-request', DETAILS['invalid-request'], [
      { path: '/query/cursor', message: error.message },
    ])
  }
  if (error.validation !== undefined) {
    return sendProblem(reply, 'invalid-request', DETAILS['invalid-request'], describe(error, request))
  }
  const code = codeOf(error)
  if (code === 'internal') {
    // The message stays out: a database's error can quote the value it could not take.
    const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
    request.log.error({ error: { type: error.name, code: error.code, frames: frames.slice(0, 12) } }, 'request failed')
  }
  return sendProblem(reply, code, DETAILS[code])
}

function codeOf(error: FastifyError): ProblemCode {
  if (error.code === 'FST_ERR_RATE_LIMIT') return 'too-many-requests'
  const status = error.statusCode ?? 500
  if (status === 400) return error.code?.startsWith('FST_ERR_CTP') === true ? 'unreadable-body' : 'invalid-request'
  const known = (Object.keys(PROBLEMS) as ProblemCode[]).find((code) => PROBLEMS[code].status === status)
  return known ?? (status < 500 ? 'invalid-request' : 'internal')
}

function describe(error: FastifyError, request: FastifyRequest): ProblemErrors {
  const part = error.validationContext ?? 'body'
  const root = `/${PARTS[part] ?? part}`
  const allowed = allowedNames(request, part)
  return (error.validation ?? []).slice(0, 20).flatMap(({ keyword, instancePath, params, message }) => {
    const path = `${root}${instancePath}`.slice(0, 200)
    // TypeBox says of an unknown name that it meets the schema `false`, and then again that it is additional.
    if (keyword === 'boolean') return []
    if (keyword === 'enum' && Array.isArray(params.allowedValues)) {
      return { path, message: `must be one of: ${params.allowedValues.join(', ')}` }
    }
    if (keyword === 'additionalProperties')
      return { path, message: `has a name that is not known; allowed: ${allowed}` }
    if (keyword === 'required' && Array.isArray(params.requiredProperties)) {
      return { path, message: `must have: ${params.requiredProperties.join(', ')}` }
    }
    const limit = typeof params.limit === 'number' ? ` (limit ${params.limit})` : ''
    return { path, message: `${message ?? 'is not valid'}${limit}` }
  })
}

function allowedNames(request: FastifyRequest, part: string): string {
  const schema: unknown = Object.entries(request.routeOptions.schema ?? {}).find(([name]) => name === part)?.[1]
  if (typeof schema !== 'object' || schema === null || !('properties' in schema)) return 'see the OpenAPI document'
  return Object.keys(Object(schema.properties)).join(', ')
}
