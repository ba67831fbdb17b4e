import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { loggableError } from '../../model/loggable-error.ts'
import { PROBLEMS, type ProblemCode, type ProblemErrors, sendProblem } from '../problem.ts'
import { InvalidCursor } from '../services.ts'
import { describeInvalid } from './describe-invalid.ts'

const SEE_ERRORS = 'See errors for what is wrong and what is allowed.'
const DETAILS: Partial<Record<ProblemCode, string>> = {
  'body-too-large': 'Send it in smaller parts.',
  unavailable: 'The answer took too long; what was taken in may still be stored. Sending it again does no harm.',
  'unsupported-media-type': 'See the OpenAPI document for the types that this route takes.',
}
/** What the errors of Fastify and of zlib mean, by their codes. */
const BY_CODE: Readonly<Record<string, string>> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty, and must be JSON.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not JSON.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as Content-Length says.',
  FST_ERR_BAD_URL: 'The path holds a percent sign that begins no character in UTF-8: a percent sign itself is %25.',
  Z_BUF_ERROR: 'The body ends in the middle of its gzip.',
  Z_DATA_ERROR: 'The body is not gzip, as Content-Encoding says, or is damaged.',
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
    return sendProblem(reply, 'invalid-request', SEE_ERRORS, [{ path: '/query/cursor', message: error.message }])
  }
  if (error.validation !== undefined) {
    return sendProblem(reply, 'invalid-request', SEE_ERRORS, describe(error, request))
  }
  const code = codeOf(error)
  if (code === 'internal') {
    // The message stays out altogether: a request can be made so that an error says what the caller wants in the log.
    const { message: _, ...shown } = loggableError(error)
    request.log.error({ error: shown }, 'request failed')
  }
  return sendProblem(reply, code, BY_CODE[error.code] ?? DETAILS[code])
}

function codeOf(error: FastifyError): ProblemCode {
  if (error.code === 'FST_ERR_RATE_LIMIT') return 'too-many-requests'
  const status = error.statusCode ?? 500
  if (status === 400) return /^(FST_ERR_CTP|Z)_/.test(error.code ?? '') ? 'unreadable-body' : 'invalid-request'
  const known = (Object.keys(PROBLEMS) as ProblemCode[]).find((code) => PROBLEMS[code].status === status)
  return known ?? (status < 500 ? 'invalid-request' : 'internal')
}

function describe(error: FastifyError, request: FastifyRequest): ProblemErrors {
  const part = error.validationContext ?? 'body'
  const schema: unknown = Object.entries(request.routeOptions.schema ?? {}).find(([name]) => name === part)?.[1]
  return describeInvalid(error.validation ?? [], `/${PARTS[part] ?? part}`, schema)
}
