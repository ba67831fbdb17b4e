import { Type } from 'typebox'
import type { LeaverState } from '../model/staff.ts'
import { closed, orNull } from './schemas.ts'
import { DateTime } from './times.ts'

const textOrNull = orNull(Type.String())
const Risk = Type.Number({ minimum: 0, maximum: 100, description: 'What the scores of the last days come to.' })

export const RiskView = Type.Object(
  {
    actor_uid: Type.String(),
    org_uid: Type.String(),
    name: textOrNull,
    role: textOrNull,
    team: textOrNull,
    leaver: Type.Unsafe<LeaverState>(Type.Enum(['none', 'notice', 'left'])),
    risk: Risk,
    open_alerts: Type.Integer({ minimum: 0 }),
    last_seen: orNull(DateTime),
  },
  closed,
)

export const RiskHistoryView = Type.Object(
  {
    actor_uid: Type.String(),
    org_uid: Type.String(),
    risk: Risk,
    days: Type.Array(
      Type.Object(
        {
          day: Type.String({ format: 'date' }),
          score: Type.Number({ minimum: 0, maximum: 100, description: 'Of this day alone.' }),
          risk: Risk,
          detectors: Type.Array(Type.String(), { description: 'Whose findings the day has.' }),
        },
        closed,
      ),
    ),
  },
  closed,
)
