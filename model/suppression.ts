import { type Static, Type } from 'typebox'

const Text = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 256, description }))

/** Which findings are held back: those that meet everything that is given. At least one thing must be. */
export const SuppressionScope = Type.Object(
  {
    actor_uid: Text('Of one person or account.'),
    detector: Text('Of one detector.'),
    role: Text('Of people of a role, by the staff feed.'),
    team: Text('Of people of a team, by the staff feed.'),
  },
  { additionalProperties: false, minProperties: 1, $id: 'SuppressionScope' },
)
export type SuppressionScope = Static<typeof SuppressionScope>

/** Findings that are not to open alerts, for a reason and until a day. Times are epoch milliseconds UTC. */
export interface Suppression {
  readonly suppression_uid: string
  readonly org_uid: string
  readonly scope: SuppressionScope
  readonly reason: string
  readonly created_by: string
  readonly created_at: number
  /** By the finding's event time: from here on. */
  readonly starts_at: number
  /** And before this. */
  readonly ends_at: number
  readonly revoked_by: string | null
  readonly revoked_at: number | null
  /** Findings held back so far. */
  readonly suppressed: number
  readonly last_suppressed_at: number | null
}

/** What was done with a suppression, as it is kept for ever. */
export interface SuppressionAction extends Pick<Suppression, 'scope' | 'reason' | 'starts_at' | 'ends_at'> {
  readonly action: 'created' | 'revoked'
}

export const SUPPRESSION_LIMITS = { longestMs: 366 * 86_400_000, inForce: 1_000, reasonLength: 1_000 } as const
