import { type Static, Type } from 'typebox'
import { ACTIONS, ACTOR_TYPES, CHANNELS, OBJECT_TYPES, OUTCOMES } from '../../../model/event.ts'
import { isTimeZone } from '../../../model/time-zone.ts'
import { isTimeFormat } from './time-format.ts'

const Path = Type.String({ minLength: 1, maxLength: 256 })
/** One path, or several of which the first that is filled counts. */
const Field = Type.Union([Path, Type.Array(Path, { minItems: 1, maxItems: 20 })])
const ListField = Type.Union([
  Field,
  Type.Object(
    {
      from: Field,
      split: Type.Optional(Type.String({ minLength: 1, maxLength: 10 })),
      complete: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
])
const oneOf = <const T extends readonly string[]>(values: T) => Type.Unsafe<T[number]>(Type.Enum([...values]))
const vocabulary = <const T extends readonly string[], const O extends readonly string[]>(words: T, otherwise: O) =>
  Type.Union([
    oneOf(words),
    Type.Object(
      {
        from: Field,
        words: Type.Optional(Type.Record(Type.String(), oneOf(words))),
        otherwise: Type.Optional(oneOf(otherwise)),
      },
      { additionalProperties: false },
    ),
  ])

const Format = Type.Refine(
  Type.String({ minLength: 1, maxLength: 60 }),
  isTimeFormat,
  () => 'must be made of YYYY YY MM M MMM DD D HH H hh h mm ss SSS A, with YYYY or YY, a month and a day',
)

const ACTION_WORDS = [...ACTIONS, 'ignore', 'reject'] as const
const OBJECT_WORDS = [...OBJECT_TYPES, 'ignore'] as const

/** How rows of a log that crmwatch does not know become events. */
export const Mapping = Type.Object(
  {
    product: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
    time: Type.Union([
      Field,
      Type.Object(
        {
          from: Field,
          zone: Type.Optional(Type.Refine(Type.String(), isTimeZone, () => 'must be an IANA time zone')),
          format: Type.Optional(Type.Union([Format, Type.Array(Format, { minItems: 1, maxItems: 10 })])),
        },
        { additionalProperties: false },
      ),
    ]),
    actor: Field,
    actor_name: Type.Optional(Field),
    actor_type: Type.Optional(vocabulary(ACTOR_TYPES, ACTOR_TYPES)),
    on_behalf_of: Type.Optional(Field),
    type: Type.Optional(Field),
    only: Type.Optional(Type.Record(Path, Type.Array(Type.String(), { minItems: 1 }))),
    action: vocabulary(ACTION_WORDS, [...ACTION_WORDS, 'guess']),
    object: Type.Optional(vocabulary(OBJECT_WORDS, [...OBJECT_WORDS, 'guess'])),
    objects: Type.Optional(ListField),
    count: Type.Optional(Field),
    operation: Type.Optional(Field),
    owners: Type.Optional(ListField),
    recipients: Type.Optional(ListField),
    columns: Type.Optional(ListField),
    channel: Type.Optional(oneOf(CHANNELS)),
    outcome: Type.Optional(vocabulary(OUTCOMES, OUTCOMES)),
    org: Type.Optional(Field),
    ip: Type.Optional(Field),
    user_agent: Type.Optional(Field),
    session: Type.Optional(Field),
    device: Type.Optional(Field),
    client_app: Type.Optional(Field),
    export_format: Type.Optional(Field),
    bytes: Type.Optional(Field),
  },
  { additionalProperties: false },
)
export type Mapping = Static<typeof Mapping>
export type Field = Static<typeof Field>
export type ListField = Static<typeof ListField>
