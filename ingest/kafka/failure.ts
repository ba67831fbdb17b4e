import type { KafkaFailure, KafkaFailureCode } from './options.ts'

const LONGEST_DETAIL = 200

const CODE_BY_TYPE: Readonly<Record<string, KafkaFailureCode>> = {
  TOPIC_AUTHORIZATION_FAILED: 'authorization_failed',
  GROUP_AUTHORIZATION_FAILED: 'authorization_failed',
  CLUSTER_AUTHORIZATION_FAILED: 'authorization_failed',
  // A fresh or restarted broker answers so for a moment.
  GROUP_LOAD_IN_PROGRESS: 'coordinator_loading',
  GROUP_COORDINATOR_NOT_AVAILABLE: 'coordinator_loading',
  SASL_AUTHENTICATION_FAILED: 'authentication_failed',
  ILLEGAL_SASL_STATE: 'authentication_failed',
  UNSUPPORTED_SASL_MECHANISM: 'authentication_failed',
}

const CODE_BY_NAME: Readonly<Record<string, KafkaFailureCode>> = {
  KafkaJSSASLAuthenticationError: 'authentication_failed',
  KafkaJSConnectionError: 'broker_unreachable',
  KafkaJSConnectionClosedError: 'broker_unreachable',
  KafkaJSRequestTimeoutError: 'broker_unreachable',
  KafkaJSBrokerNotFound: 'broker_unreachable',
  KafkaJSNoBrokerAvailableError: 'broker_unreachable',
}

/** Puts an error of the client library into a bounded set of codes, looking through its wrappers. */
export function describeFailure(error: unknown): KafkaFailure {
  const chain = listCauses(error)
  const code = chain.map(readCode).find((found) => found !== null) ?? 'consumer_crashed'
  return { code, detail: boundDetail(chain[0]?.message ?? 'unknown') }
}

export function boundDetail(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length <= LONGEST_DETAIL ? line : `${line.slice(0, LONGEST_DETAIL - 1)}…`
}

function listCauses(error: unknown): Error[] {
  const chain: Error[] = []
  for (let at = error; at instanceof Error && chain.length < 5 && !chain.includes(at); at = at.cause) chain.push(at)
  return chain
}

function readCode(error: Error): KafkaFailureCode | null {
  if ('type' in error && typeof error.type === 'string' && error.type in CODE_BY_TYPE) return CODE_BY_TYPE[error.type]
  return CODE_BY_NAME[error.name] ?? null
}
