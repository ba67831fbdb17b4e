import { type Static, type TSchema, Type } from 'typebox'
import { ACTIONS, EVENT_LIMITS } from '../../model/event.ts'
import type { PullSetting } from './pull-setting.ts'

/** Where a setting's own words about itself stand, for faults and for the reference page. */
interface Notes {
  readonly description: string
  readonly allowed: string
}

const note = <T extends TSchema>(schema: T, notes: Notes): T => Object.assign(schema, notes)
const TOPIC = '^[A-Za-z0-9._-]{1,249}$'

export const KafkaWay = Type.Object(
  {
    topics: note(Type.Array(Type.String({ pattern: TOPIC }), { minItems: 1, maxItems: 100 }), {
      description: 'Topics whose messages are rows of this log, one or several a message.',
      allowed: 'a list of topic names',
    }),
  },
  { additionalProperties: false },
)

export const FolderWay = Type.Object(
  {
    path: note(Type.String({ minLength: 1 }), {
      description: 'Folder whose files are read, in the order of their names. Nothing in it is changed.',
      allowed: 'a path',
    }),
    poll_seconds: Type.Optional(
      note(Type.Integer({ minimum: 1, maximum: 86_400 }), {
        description: 'How often the folder is looked at.',
        allowed: 'a whole number from 1 to 86400',
      }),
    ),
    settle_seconds: Type.Optional(
      note(Type.Integer({ minimum: 0, maximum: 86_400 }), {
        description: 'How long a file must have kept its size and time to count as complete.',
        allowed: 'a whole number from 0 to 86400',
      }),
    ),
  },
  { additionalProperties: false },
)

/** One source as the configuration gives it: `sources.<name>`. */
export const SourceSection = Type.Object(
  {
    adapter: note(Type.String({ minLength: 1 }), {
      description: 'Which log it is; [adapters/](adapters/) has a page for each.',
      allowed: 'the name of an adapter',
    }),
    options: Type.Optional(
      note(Type.Record(Type.String(), Type.Unknown()), {
        description: "The adapter's own options, as on its page.",
        allowed: 'a section',
      }),
    ),
    org: Type.Optional(
      note(Type.String({ minLength: 1, maxLength: EVENT_LIMITS.uidLength }), {
        description: 'Tenant of all its rows; without it the one that a row names, else `org.default`.',
        allowed: 'text of 1 to 256 characters',
      }),
    ),
    instance: Type.Optional(
      note(Type.String({ minLength: 1, maxLength: 64 }), {
        description: 'Which installation it is, where a tenant has several of the same CRM.',
        allowed: 'text of 1 to 64 characters',
      }),
    ),
    actions: Type.Optional(
      note(Type.Array(Type.Enum([...ACTIONS]), { minItems: 1, uniqueItems: true }), {
        description: 'Take only these acts from it and ignore the others; by default all.',
        allowed: `a list of ${ACTIONS.join(', ')}, each once`,
      }),
    ),
    user_map: Type.Optional(
      note(Type.String({ minLength: 1 }), {
        description: 'CSV with the columns `native_uid` and `actor_uid`: which staff member a user of the CRM is.',
        allowed: 'a path',
      }),
    ),
    kafka: Type.Optional(KafkaWay),
    http: Type.Optional(
      note(Type.Boolean(), {
        description: 'Take its rows at `POST /v1/sources/<name>/events`.',
        allowed: '`true` or `false`',
      }),
    ),
    folder: Type.Optional(FolderWay),
    pull: Type.Optional(
      note(Type.Unknown(), {
        description: "Fetch its rows from the CRM's API; which fields there are follows from `adapter`, see below.",
        allowed: 'a section with the fields of its adapter',
      }),
    ),
  },
  { additionalProperties: false },
)
export type SourceSection = Static<typeof SourceSection>

/** The keys of which a source has one at most: how its rows come by themselves. */
export const WAYS_IN = ['kafka', 'http', 'folder', 'pull'] as const
export type WayIn = (typeof WAYS_IN)[number]

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T
export type SourceSetting = DeepReadonly<Omit<SourceSection, 'pull'>> & { readonly pull?: PullSetting }

/** The way in of a source; null for one that takes imported files alone. */
export const wayInOf = (setting: SourceSetting): WayIn | null =>
  WAYS_IN.find((way) => setting[way] !== undefined && setting[way] !== false) ?? null

export const MAX_SOURCES = 64
/** A name goes into paths, labels and stored events. */
export const SOURCE_NAME = /^[a-z][a-z0-9-]{0,62}$/
/** What events are counted under that come as access events. */
export const RESERVED_SOURCE_NAMES: readonly string[] = ['kafka', 'http', 'file', 'replay', 'demo', 'import']
