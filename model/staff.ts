import { type Static, Type } from 'typebox'
import { ACTOR_TYPES, type ActorType, EVENT_LIMITS } from './event.ts'

export const STAFF_STATUSES = ['active', 'notice', 'left', 'leave'] as const
export type StaffStatus = (typeof STAFF_STATUSES)[number]

const Uid = Type.String({ minLength: 1, maxLength: EVENT_LIMITS.uidLength })
const Text = Type.Union([Type.String({ maxLength: EVENT_LIMITS.textLength }), Type.Null()])
const Day = Type.Union([
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Calendar day, YYYY-MM-DD.' }),
  Type.Null(),
])

/** What HR says of an actor, as one change. The newest by `recorded_at` holds; older ones are kept as history. */
export const StaffRecord = Type.Object(
  {
    actor_uid: Uid,
    org_uid: Uid,
    name: Text,
    email: Text,
    role: Text,
    team: Text,
    manager_uid: Text,
    actor_type: Type.Unsafe<ActorType>(Type.Enum([...ACTOR_TYPES])),
    status: Type.Unsafe<StaffStatus>(Type.Enum([...STAFF_STATUSES])),
    hired_on: Day,
    notice_on: Day,
    last_working_day: Day,
    portfolio_size: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    recorded_at: Type.Integer({ description: 'When HR recorded the change, epoch milliseconds UTC.' }),
  },
  { $id: 'StaffRecord', additionalProperties: false },
)
export type StaffRecord = Static<typeof StaffRecord>

/**
 * `none`: ordinary staff. `notice`: notice is given, the last working day is not over.
 * `left`: the last working day is over. A leaver is an actor in `notice` or `left`.
 */
export type LeaverState = 'none' | 'notice' | 'left'
