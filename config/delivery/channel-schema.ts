import { type Static, type TObject, type TSchema, Type } from 'typebox'
import { SEVERITIES, type Severity } from '../../model/alert.ts'
import { type ChannelType, PERSON_MODES, type PersonMode } from '../../model/delivery.ts'
import { parseDuration } from '../../model/duration.ts'
import { parseTimeSpan } from '../../model/time-span.ts'

/** Annotations of a field, read by the loader, `check-config` and the reference page. */
export interface FieldNotes {
  readonly description: string
  /** What is allowed, in words. */
  readonly allowed: string
  /** Comes from the environment or a file, is never shown, and `<field>_file` may name the file instead. */
  readonly secret?: boolean
  /** An address: of it only the host is shown. */
  readonly address?: boolean
}

const closed = { additionalProperties: false }
const field = (notes: FieldNotes, options: object = {}) => Type.String({ minLength: 1, ...options, ...notes })
const optional = <T extends TSchema>(schema: T) => Type.Optional(schema)

const isHttpUrl = (text: string): boolean => urlWith(text, ['https:', 'http:'])
const isSmtpUrl = (text: string): boolean => urlWith(text, ['smtp:', 'smtps:'])

function urlWith(text: string, protocols: readonly string[]): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && protocols.includes(url.protocol) && url.hostname !== ''
}

const isWebhookSecret = (text: string): boolean => {
  const match = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)
  const bytes = match === null ? 0 : Buffer.from(match[1], 'base64').length
  return bytes >= 24 && bytes <= 64
}

const httpUrl = (notes: Omit<FieldNotes, 'allowed' | 'address'>) =>
  Type.Refine(field({ ...notes, allowed: 'an `https:` address', address: true }), isHttpUrl)

const MAIL_ADDRESS = '^[^\\s@<>,;]+@[^\\s@<>,;]+$'

export const SEVERITY_LIST = (description: string) =>
  Type.Array(Type.Unsafe<Severity>(Type.Enum([...SEVERITIES])), {
    minItems: 1,
    description,
    allowed: `a list of ${SEVERITIES.map((name) => `\`${name}\``).join(', ')}`,
  })

export const timeSpans = (description: string) =>
  Type.Array(
    Type.Refine(Type.String(), (text) => parseTimeSpan(text) !== null),
    {
      minItems: 1,
      maxItems: 20,
      description,
      allowed: 'a list of times such as `Mon-Fri 22:00-07:00`, `18:00-08:00` or `Sat,Sun`',
    },
  )

export const duration = (description: string) =>
  Type.Refine(
    Type.String({ description, allowed: 'a duration such as `30m`, `4h` or `2d`' }),
    (text) => parseDuration(text) !== null,
  )

const person = optional(
  Type.Unsafe<PersonMode>(
    Type.Enum([...PERSON_MODES], {
      description: 'How this channel is told of people; otherwise as `delivery.person` says.',
      allowed: 'one of `name`, `uid`, `pseudonym`',
    }),
  ),
)

/** For people: what a receiver can bear is the receiver's, not the route's. */
const forPeople = {
  person,
  quiet_hours: optional(timeSpans('When nothing is sent here, by `timezone`; it waits until they are over.')),
  quiet_except: optional(SEVERITY_LIST('Severities that are sent in quiet hours all the same.')),
  group_wait: optional(
    duration('Gather the alerts of a tenant for this long into one message; a critical one sends it at once.'),
  ),
}

/** Every type of channel with its fields, besides `type`. */
export const CHANNEL_SCHEMAS = {
  slack: Type.Object(
    {
      url: httpUrl({ description: 'Address of the incoming webhook, which is a secret.', secret: true }),
      ...forPeople,
    },
    closed,
  ),
  telegram: Type.Object(
    {
      bot_token: field(
        { description: 'Token of the bot.', allowed: 'a token as BotFather gives it', secret: true },
        { pattern: '^\\d+:[A-Za-z0-9_-]+$' },
      ),
      chat_id: field(
        {
          description: 'Chat, group or channel to write to.',
          allowed: 'a quoted id such as `"-100123"`, or `@name` of a channel',
        },
        { pattern: '^(-?\\d{1,20}|@[A-Za-z0-9_]{4,64})$' },
      ),
      api_base: optional(httpUrl({ description: 'Bot API server, if not `https://api.telegram.org`.' })),
      ...forPeople,
    },
    closed,
  ),
  webhook: Type.Object(
    {
      url: httpUrl({ description: 'Address to post to.' }),
      secret: Type.Refine(
        field({
          description: 'Key of the signatures, after Standard Webhooks.',
          allowed: '`whsec_` and base64 of 24 to 64 bytes, as `openssl rand -base64 32` makes them',
          secret: true,
        }),
        isWebhookSecret,
      ),
      format: optional(
        Type.Unsafe<'crmwatch' | 'ocsf'>(
          Type.Enum(['crmwatch', 'ocsf'], {
            description: 'crmwatch’s own JSON (the default), or OCSF 1.8 Detection Findings.',
            allowed: 'one of `crmwatch`, `ocsf`',
          }),
        ),
      ),
      person,
    },
    closed,
  ),
  email: Type.Object(
    {
      smtp: Type.Refine(
        field({
          description: 'Mail server: `smtps:` for TLS from the start (port 465), `smtp:` for STARTTLS (port 587).',
          allowed: 'an address such as `smtps://mail.example.com`, without user and password',
          address: true,
        }),
        isSmtpUrl,
      ),
      username: optional(field({ description: 'User to log in as.', allowed: 'text' })),
      password: optional(field({ description: 'That user’s password.', allowed: 'text', secret: true })),
      from: optional(
        field(
          { description: 'Sender; unset: `crmwatch@` and the first receiver’s domain.', allowed: 'a mail address' },
          { pattern: MAIL_ADDRESS },
        ),
      ),
      to: Type.Array(Type.String({ pattern: MAIL_ADDRESS }), {
        minItems: 1,
        maxItems: 50,
        description: 'Receivers.',
        allowed: 'a list of mail addresses',
      }),
      ...forPeople,
    },
    closed,
  ),
  kafka: Type.Object(
    {
      topic: field(
        {
          description: 'Topic of the brokers in `kafka.brokers`; it must exist.',
          allowed: 'a topic name: letters, digits, `.`, `_` and `-`',
        },
        { pattern: '^[A-Za-z0-9._-]{1,249}$' },
      ),
      format: optional(
        Type.Unsafe<'crmwatch' | 'ocsf'>(
          Type.Enum(['crmwatch', 'ocsf'], { description: 'As for webhooks.', allowed: 'one of `crmwatch`, `ocsf`' }),
        ),
      ),
      person,
    },
    closed,
  ),
} satisfies Record<ChannelType, TObject>

export type ChannelSetting = {
  [T in ChannelType]: { readonly type: T } & Readonly<Static<(typeof CHANNEL_SCHEMAS)[T]>>
}[ChannelType]
