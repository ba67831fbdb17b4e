import { createTestDetector } from './test-detector.ts'

/** What only of integrations says that somebody else holds their key: their program, rhythm and volume hardly change. */
const OF_INTEGRATIONS: ReadonlySet<string> = new Set([
  'records_new_way.1d',
  'records_taken.10m',
  'records_taken.1h',
  'records_taken.1d',
])

/** Own days without which nobody can tell what is an integration's rhythm. */
const KNOWN_DAYS = 10

/**
 * Records read from an address that the account, of a person or of an integration, has not used before; by an
 * integration also with another program, or in another rhythm or volume, than ever.
 */
export const serviceToken = createTestDetector(
  'service-token',
  'Account used from a new place, or not as ever',
  {
    'records_new_place.1h': 20,
    'records_new_place.1d': 25,
    'records_new_way.1d': 20,
    'records_taken.10m': 40,
    'records_taken.1h': 40,
    'records_taken.1d': 60,
  },
  (test, { actor, baseline }) =>
    !OF_INTEGRATIONS.has(test) || (actor.type !== 'user' && baseline('records_taken', '1d').days >= KNOWN_DAYS),
)
