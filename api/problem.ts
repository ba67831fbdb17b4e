import { STATUS_CODES } from 'node:http'
import type { FastifyReply } from 'fastify'
import { type Static, Type } from 'typebox'

/** Every kind of error that the API answers with. The code ends the problem's type URI and never changes its meaning. */
export const PROBLEMS = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'unreadable-body': { status: 400, title: 'The body cannot be read' },
  unauthorized: { status: 401, title: 'A valid token is needed' },
  forbidden: { status: 403, title: 'This token may not do that' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'The request does not fit how things stand' },
  'precondition-failed': { status: 412, title: 'It was changed since it was read' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'uri-too-long': { status: 414, title: 'The address is too long' },
  'unsupported-media-type': { status: 415, title: 'The body’s type or encoding is not supported' },
  'precondition-required': { status: 428, title: 'Say which version the change is meant for' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  busy: { status: 429, title: 'The queue is full' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'Not available now' },
} as const
export type ProblemCode = keyof typeof PROBLEMS

export const PROBLEM_TYPE = 'application/problem+json'

/** RFC 9457. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'urn:crmwatch:problem: and the kind of error.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String({ description: 'Where, such as /query/limit.' }),
          message: Type.String({ description: 'What is wrong and what is allowed.' }),
        }),
      ),
    ),
  },
  { additionalProperties: false },
)
export type Problem = Static<typeof Problem>
export type ProblemErrors = NonNullable<Problem['errors']>

/** The error answers of a route, for its schema. */
export const problemResponse = { content: { [PROBLEM_TYPE]: { schema: Problem } } }

export function problemOf(code: ProblemCode, detail?: string, errors?: ProblemErrors): Problem {
  return { type: `urn:crmwatch:problem:${code}`, ...PROBLEMS[code], detail, errors }
}

/** Answers with a problem. The detail must not repeat what the client sent. */
export function sendProblem(reply: FastifyReply, code: ProblemCode, detail?: string, errors?: ProblemErrors) {
  return reply
    .code(PROBLEMS[code].status)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problemOf(code, detail, errors)))
}

/** The answer to a caller whose token is bound to one tenant, and who asks for another. */
export const refuseOrg = (reply: FastifyReply) => sendProblem(reply, 'forbidden', 'This token is bound to another org.')

/** Answers that one part of the request, such as /body/ends_at, is not right. The message must not repeat what the client sent. */
export const refuseField = (
  reply: FastifyReply,
  path: string,
  message: string,
  code: ProblemCode = 'invalid-request',
) => sendProblem(reply, code, undefined, [{ path, message }])

/** A whole HTTP/1.1 answer, for a socket whose request never became one. */
export function rawProblem(code: ProblemCode): string {
  const body = JSON.stringify(problemOf(code))
  const { status } = PROBLEMS[code]
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
