import { type Static, type TObject, type TSchema, Type } from 'typebox'
import type { FieldNotes } from '../delivery/channel-schema.ts'
import { isNetwork } from '../is-network.ts'

const closed = { additionalProperties: false }
const text = (notes: FieldNotes, options: object = {}) =>
  Type.String({ minLength: 1, maxLength: 4096, ...options, ...notes })
const secret = (description: string) => text({ description, allowed: 'text', secret: true })
const optional = <T extends TSchema>(schema: T) => Type.Optional(schema)
const whole = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description, allowed: `a whole number from ${minimum} to ${maximum}` })

const isBaseUrl = (given: string): boolean => {
  const url = URL.canParse(given) ? new URL(given) : null
  return (
    url !== null &&
    ['https:', 'http:'].includes(url.protocol) &&
    url.hostname !== '' &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  )
}
const baseUrl = (description: string) =>
  Type.Refine(text({ description, allowed: 'an `https:` address without user, query and fragment' }), isBaseUrl)

const every = {
  every_minutes: optional(whole(1, 1_440, 'Time from the end of a pull to the next one; 15 by default.')),
  overlap_minutes: optional(
    whole(0, 10_080, 'How far each pull goes back behind the last one, for rows that appear late.'),
  ),
  start_days: optional(whole(0, 90, 'How many days back the first pull goes; 1 by default.')),
  allow_networks: optional(
    Type.Array(Type.Refine(Type.String(), isNetwork), {
      minItems: 1,
      maxItems: 50,
      description: 'Private networks in which the API may be, also by plain HTTP.',
      allowed: 'a list of addresses or networks such as `10.1.2.0/24`',
    }),
  ),
}

/** What a pulled source needs, by the adapter that reads its rows. */
export const PULL_SCHEMAS = {
  'salesforce-event-log-file': Type.Object(
    {
      url: baseUrl('Address of the org under My Domain.'),
      client_id: text({ description: 'Consumer key of the connected app.', allowed: 'text' }),
      client_secret: secret('Consumer secret of the connected app.'),
      interval: optional(
        Type.Unsafe<'hourly' | 'daily'>(
          Type.Enum(['hourly', 'daily'], {
            description: 'Which of the two kinds of log files; both hold the same rows. `hourly` by default.',
            allowed: '`hourly` or `daily`',
          }),
        ),
      ),
      api_version: optional(
        text(
          { description: 'Version of the REST API; `62.0` by default.', allowed: 'a version such as `62.0`' },
          { pattern: '^[0-9]{2,3}\\.0$' },
        ),
      ),
      ...every,
    },
    closed,
  ),
  dataverse: Type.Object(
    {
      tenant_id: text(
        { description: 'Tenant in Microsoft Entra ID.', allowed: 'the id of a tenant (a GUID)' },
        { pattern: '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' },
      ),
      client_id: text({ description: 'Id of the registered application.', allowed: 'text' }),
      client_secret: secret('Its client secret.'),
      url: optional(baseUrl('Management Activity API, if not `https://manage.office.com`.')),
      login_url: optional(baseUrl('Where tokens come from, if not `https://login.microsoftonline.com`.')),
      ...every,
    },
    closed,
  ),
  hubspot: Type.Object(
    {
      token: secret('Access token of a private app with the scope `account-info.security.read`.'),
      feeds: optional(
        Type.Refine(
          Type.Array(Type.Unsafe<'audit-logs' | 'login' | 'security'>(Type.Enum(['audit-logs', 'login', 'security'])), {
            minItems: 1,
            uniqueItems: true,
            description:
              'Which logs; `[audit-logs]` by default, which needs an Enterprise account and holds the acts of both others.',
            allowed: '`[audit-logs]`, or a list of `login` and `security`: the same acts are not to come twice',
          }),
          (feeds) => !feeds.includes('audit-logs') || feeds.length === 1,
        ),
      ),
      url: optional(baseUrl('API, if not `https://api.hubapi.com`.')),
      ...every,
    },
    closed,
  ),
  espocrm: Type.Object(
    {
      url: baseUrl('Address of the installation, as users open it.'),
      api_key: secret('Key of an API user who may read the action history.'),
      secret_key: optional(secret('Secret key of that user, where it signs its requests (HMAC).')),
      ...every,
    },
    closed,
  ),
} satisfies Record<string, TObject>

export type PulledAdapter = keyof typeof PULL_SCHEMAS
export const PULLED_ADAPTERS = Object.keys(PULL_SCHEMAS) as readonly PulledAdapter[]

export type PullSetting = {
  [A in PulledAdapter]: { readonly adapter: A } & Readonly<Static<(typeof PULL_SCHEMAS)[A]>>
}[PulledAdapter]
