import { type Static, Type } from 'typebox'
import { OBJECT_TYPES, type ObjectType } from './event.ts'

/** `findings`: they open and extend no alert, what was done is counted. `events`: they are stored and count for nothing. */
export const SUPPRESSION_EFFECTS = ['findings', 'events'] as const
export type SuppressionEffect = (typeof SUPPRESSION_EFFECTS)[number]

const Text = (description: string, maxLength = 256) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, description }))

/** What is held back: what meets everything that is given. At least one thing must be. */
export const SuppressionScope = Type.Object(
  {
    actor_uid: Text('Of one person or account.'),
    detector: Text('Findings of one detector.'),
    role: Text('Findings about people of a role, by the staff feed.'),
    team: Text('Findings about people of a team, by the staff feed.'),
    object_uid: Text('Events on one record, report or file and on nothing else.'),
    object_type: Type.Optional(
      Type.Unsafe<ObjectType>(Type.Enum([...OBJECT_TYPES], { description: 'Events on objects of a type.' })),
    ),
    query_text: Text('Events of a query, spelt as the events have it.', 4_096),
  },
  { additionalProperties: false, minProperties: 1, $id: 'SuppressionScope' },
)
export type SuppressionScope = Static<typeof SuppressionScope>

/** By what each effect can be scoped: a detector or HR's word is known of findings, an object or a query of events. */
export const SCOPE_OF_EFFECT: Readonly<Record<SuppressionEffect, readonly (keyof SuppressionScope)[]>> = {
  findings: ['actor_uid', 'detector', 'role', 'team'],
  events: ['actor_uid', 'object_uid', 'object_type', 'query_text'],
}

/** What is held back for a reason and until a day. Times are epoch milliseconds UTC. */
export interface Suppression {
  readonly suppression_uid: string
  readonly org_uid: string
  readonly effect: SuppressionEffect
  readonly scope: SuppressionScope
  readonly reason: string
  readonly created_by: string
  readonly created_at: number
  /** By event time: from here on. */
  readonly starts_at: number
  /** And before this. */
  readonly ends_at: number
  readonly revoked_by: string | null
  readonly revoked_at: number | null
  /** Findings or events held back so far. */
  readonly suppressed: number
  readonly last_suppressed_at: number | null
}

/** What was done with a suppression, as it is kept for ever. */
export interface SuppressionAction extends Pick<Suppression, 'effect' | 'scope' | 'reason' | 'starts_at' | 'ends_at'> {
  readonly action: 'created' | 'revoked'
}

export const SUPPRESSION_LIMITS = { longestMs: 366 * 86_400_000, inForce: 1_000, reasonLength: 1_000 } as const
