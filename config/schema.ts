import { type Static, type TSchema, Type } from 'typebox'
import type { CustomRuleSet } from '../model/custom-rule.ts'
import { PERSON_MODES, type PersonMode } from '../model/delivery.ts'
import { DEFAULT_LANGUAGE, LANGUAGES, type Language } from '../model/language.ts'
import { OWN_TOKEN_CHARACTERS, OWN_TOKEN_PATTERN } from '../model/own-token.ts'
import { isNamedTimeZone } from '../model/time-zone.ts'
import type { ChannelSetting } from './delivery/channel-schema.ts'
import type { RouteSetting } from './delivery/route-schema.ts'
import { isNetwork } from './is-network.ts'
import type { SourceSetting } from './sources/source-setting.ts'

/** Annotations that the loader and the reference page read besides JSON Schema's own. */
interface Notes {
  readonly description: string
  /** What is allowed, when the type alone does not say it. */
  readonly allowed?: string
  /** Never shown; may also come from the file that the variable with `_FILE` behind its name points to. */
  readonly secret?: boolean
}

const section = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })
const whole = (value: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: value, minimum, maximum, description })
const flag = (value: boolean, description: string) => Type.Boolean({ default: value, description })
const text = (value: string, notes: Notes) => Type.String({ default: value, minLength: 1, ...notes })
const optionalText = (notes: Notes) =>
  Type.Union([Type.String({ minLength: 1 }), Type.Null()], { default: null, ...notes })
const choice = <const V extends string[]>(value: V[number], values: V, description: string) =>
  Type.Enum(values, { default: value, description })
const topic = (value: string, description: string) =>
  text(value, { description, pattern: TOPIC, allowed: 'a topic name: letters, digits, `.`, `_` and `-`' } as Notes)
const list = (value: string[], pattern: string, notes: Notes) =>
  Type.Array(Type.String({ pattern }), { default: value, ...notes })

const TOPIC = '^[A-Za-z0-9._-]{1,249}$'
const PORT = '([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])'
const BROKER = `^(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+):${PORT}$`
const DAY_MS = 86_400_000

/** Of `alert_budget` and `leaver_alert_budget`. */
export const BUDGET_BOUNDS = { minimum: 0.1, maximum: 100 } as const

/** Every setting with its type, default, bounds and meaning; all else about the configuration follows from it. */
export const SettingsSchema = section({
  http: section({
    host: text('127.0.0.1', { description: 'Address to listen on. Anything but loopback is reachable from outside.' }),
    port: whole(8080, 0, 65_535, 'Port to listen on; 0 takes any free one.'),
    body_limit_bytes: whole(16 * 1024 * 1024, 1024, 256 * 1024 * 1024, 'Largest request body.'),
    rate_limit_per_minute: whole(6000, 1, 1_000_000, 'Requests per minute from one address before it is answered 429.'),
  }),
  data: section({
    dir: text('./data', { description: 'Folder of the DuckDB store; one process at a time.', allowed: 'a path' }),
    retention_days: whole(180, 35, 3650, 'Days of events to keep; at least the longest window and a week.'),
    memory_limit_mb: whole(
      384,
      64,
      1_048_576,
      "DuckDB's own working memory in MB while the service starts; once it runs, a third of it (at least 96). The sliding windows come on top.",
    ),
  }),
  kafka: section({
    brokers: list([], BROKER, {
      description: 'Brokers to start from. Empty: no Kafka, events come by HTTP alone.',
      allowed: 'a list of `host:port`, ports from 1 to 65535',
    }),
    client_id: text('crmwatch', { description: 'Name shown to the brokers.' }),
    group_id: text('crmwatch', { description: 'Consumer group; instances that share it share the partitions.' }),
    topics: list(['crm.access'], TOPIC, {
      description: 'Topics with access events.',
      allowed: 'a list of topic names',
    }),
    topic_pattern: Type.Union([Type.Refine(Type.String({ minLength: 1 }), isPattern), Type.Null()], {
      default: null,
      description: 'Topics with access events by name, besides `kafka.topics`; the whole name must match.',
      allowed: 'a regular expression',
    }),
    staff_topic: topic('crm.staff', 'Topic with staff records.'),
    dead_letter_topic: topic('crm.access.dead', 'Topic that takes the messages that could not be used.'),
    from: choice('earliest', ['earliest', 'latest'], 'Where to start in a partition the store has never seen.'),
    ssl: section({
      enabled: flag(false, 'Speak TLS to the brokers.'),
      ca_file: optionalText({
        description: "PEM file of the authorities to trust instead of the system's.",
        allowed: 'a path',
      }),
      cert_file: optionalText({
        description: 'PEM file of the client certificate; needs `key_file`.',
        allowed: 'a path',
      }),
      key_file: optionalText({ description: "PEM file of the client certificate's key.", allowed: 'a path' }),
      key_passphrase: optionalText({ description: 'Passphrase of that key.', secret: true }),
      reject_unauthorized: flag(true, 'Refuse brokers whose certificate does not verify.'),
    }),
    sasl: section({
      mechanism: Type.Union([Type.Enum(['plain', 'scram-sha-256', 'scram-sha-512']), Type.Null()], {
        default: null,
        description: 'How to log in to the brokers; unset: not at all.',
      }),
      username: optionalText({ description: 'User to log in as.' }),
      password: optionalText({ description: "That user's password.", secret: true }),
    }),
  }),
  ingest: section({
    batch_max_events: whole(60_000, 1, 1_000_000, 'Events in one transaction at most.'),
    batch_max_delay_ms: whole(250, 1, 60_000, 'Longest an event waits for others to fill its transaction.'),
    reorder_tolerance_ms: whole(
      5000,
      0,
      3_600_000,
      'How late an event may come and still be put in its place at once.',
    ),
    max_future_ms: whole(
      300_000,
      0,
      DAY_MS,
      'How far ahead of the clock an event may be; beyond, it is a dead letter.',
    ),
    max_people: whole(
      50_000,
      1,
      10_000_000,
      'Accounts of one tenant, owners of records among them; events and staff records of more are refused. Each takes some 14 KiB.',
    ),
    keep_dead_letter_bodies: flag(false, 'Keep what could not be used word for word. It may hold personal data.'),
  }),
  staff: section({
    file: optionalText({ description: 'Staff records (JSON lines or CSV) to read on start.', allowed: 'a path' }),
    stale_after_hours: whole(48, 1, 8760, 'Hours without a staff record after which the feed counts as stale.'),
  }),
  timezone: Type.Refine(
    Type.String({
      default: 'UTC',
      description: 'Where the working day is; closes event-time days and tells usual hours.',
      allowed: 'an IANA time zone such as `Europe/Berlin`',
    }),
    isNamedTimeZone,
  ),
  language: Type.Unsafe<Language>(
    choice(DEFAULT_LANGUAGE, [...LANGUAGES], 'In which alerts explain themselves and messages are written.'),
  ),
  org: section({
    default: text('default', { description: 'Tenant of events and staff records that name none.' }),
  }),
  alert_budget: Type.Number({
    default: 5,
    ...BUDGET_BOUNDS,
    description: 'False alerts per 1,000 employees per week that are accepted; the cut of every role follows from it.',
  }),
  leaver_alert_budget: Type.Number({
    default: 5,
    ...BUDGET_BOUNDS,
    description: 'As many more, spent on people in notice or gone alone, look-backs included.',
  }),
  canary: section({
    contacts: Type.Array(Type.String({ pattern: '^.{1,256}$' }), {
      default: [],
      description:
        'Ids of contacts that were planted to be touched by nobody, as the CRM shows them: 15 or 18 characters of a Salesforce id, capitals or small letters of a GUID make no difference. An id counts in every tenant; `TENANT/ID` in that one alone.',
      allowed: 'up to 1,000 ids of 1 to 256 characters',
      maxItems: 1000,
    }),
  }),
  alerts: section({
    severity: section({
      medium: Type.Number({
        default: 40,
        minimum: 0,
        maximum: 100,
        description: 'Score from which an alert is medium.',
      }),
      high: Type.Number({ default: 60, minimum: 0, maximum: 100, description: 'Score from which an alert is high.' }),
      critical: Type.Number({
        default: 80,
        minimum: 0,
        maximum: 100,
        description: 'Score from which an alert is critical.',
      }),
    }),
  }),
  delivery: section({
    alert_url: Type.Union([Type.Refine(Type.String(), isAlertUrl), Type.Null()], {
      default: null,
      description: 'Where people open an alert, in a tool of your own; unset: messages have no link.',
      allowed: 'an `https:` or `http:` address with `{alert_uid}` in it',
    }),
    person: Type.Unsafe<PersonMode>(
      choice('name', [...PERSON_MODES], 'How messages speak of people, unless a channel says otherwise.'),
    ),
    pseudonym_key: optionalText({ description: 'Key from which pseudonyms are made.', secret: true }),
    allow_networks: Type.Array(Type.Refine(Type.String(), isNetwork), {
      default: [] as string[],
      description: 'Private addresses that channels may be at. All others are refused, whatever name leads to them.',
      allowed: 'a list of addresses or networks such as `10.1.2.0/24`',
    }),
    timeout_ms: whole(10_000, 100, 60_000, 'How long one attempt to reach a channel may take.'),
    give_up_after_hours: whole(24, 1, 168, 'How long a message is tried before it is given up and reported.'),
    report_failures_to: list([], '^[a-z][a-z0-9_-]{0,63}$', {
      description:
        'Channels that are told when another cannot be reached. Empty: the first other one that a route names for the tenant.',
      allowed: 'a list of names under `channels`',
    }),
  }),
  custom_rules: list([], '.', {
    description: 'Files with Sigma rules of your own; see [custom-rules.md](custom-rules.md).',
    allowed: 'a list of paths or globs',
  }),
  custom_rule_people_per_day: whole(
    100,
    1,
    1_000_000,
    'People of one tenant that one custom rule may tell of in a day; beyond, it tells of no more.',
  ),
  admin: section({
    token: Type.Union(
      [
        Type.String({
          pattern: OWN_TOKEN_PATTERN,
          minLength: OWN_TOKEN_CHARACTERS.least,
          maxLength: OWN_TOKEN_CHARACTERS.most,
        }),
        Type.Null(),
      ],
      {
        default: null,
        description: 'Bearer token of the administrator; unset: the first start makes one and prints it once.',
        allowed: `${OWN_TOKEN_CHARACTERS.least} to ${OWN_TOKEN_CHARACTERS.most} printable ASCII characters without spaces`,
        secret: true,
      },
    ),
  }),
  log: section({
    level: choice(
      'info',
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'Least level that is logged.',
    ),
    format: choice('auto', ['json', 'pretty', 'auto'], 'How; auto is pretty on a terminal and json elsewhere.'),
  }),
})

/** One detector's part of the configuration. `params` stays open here: the registry's own schemas check it. */
export interface DetectorSetting {
  readonly enabled: boolean
  readonly params: Readonly<Record<string, unknown>>
}

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T
export type Config = DeepReadonly<Static<typeof SettingsSchema>> & {
  /** Only the detectors that the configuration names; the others run with their defaults. */
  readonly detectors: Readonly<Record<string, DetectorSetting>>
  /** CRM logs by the name of their source. */
  readonly sources: Readonly<Record<string, SourceSetting>>
  /** By name, in the order of the configuration. */
  readonly channels: Readonly<Record<string, ChannelSetting>>
  readonly routes: readonly RouteSetting[]
  /** What the files under `custom_rules` hold, read and linked. */
  readonly customRules: CustomRuleSet
}

/** Not an offset such as `+02:00`, which knows of no summer time. */
function isAlertUrl(value: string): boolean {
  return /^https?:\/\//.test(value) && value.includes('{alert_uid}') && URL.canParse(value)
}

function isPattern(value: string): boolean {
  try {
    new RegExp(value)
    return true
  } catch {
    return false
  }
}
