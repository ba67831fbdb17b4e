import type { Static } from 'typebox'
import { Type } from 'typebox'
import { COMPARISONS, CORRELATION_TYPES, type Comparison, type CorrelationType } from './custom-rule.ts'
import { MEASURES, type Measure } from './measure.ts'

/** What a finding's sentence says beyond the finding's own numbers, so that it can be said in any language. */

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])

/** How the person stood. Dates are YYYY-MM-DD. */
const standing = {
  role: nullable(Type.String({ description: 'The role whose people are the peers.' })),
  leaver: Type.Unsafe<'none' | 'notice' | 'left'>(Type.Enum(['none', 'notice', 'left'])),
  notice_on: nullable(Type.String()),
  last_working_day: nullable(Type.String()),
}

export const FindingFacts = Type.Union([
  Type.Object({ kind: Type.Literal('count'), ...standing }),
  Type.Object({ kind: Type.Literal('peers'), ...standing }),
  Type.Object({ kind: Type.Literal('team'), ...standing }),
  Type.Object({
    kind: Type.Literal('share'),
    ...standing,
    among: Type.Unsafe<Measure>(Type.Enum([...MEASURES])),
    share: Type.Number({ description: 'The part that was seen, 0 to 1.' }),
    expected_share: Type.Number(),
    expected_share_peers: Type.Number(),
  }),
  Type.Object({
    kind: Type.Literal('cusum'),
    ...standing,
    last_day: Type.Number({ description: 'Count of the last day alone.' }),
    expected_last_day: Type.Number(),
  }),
  Type.Object({ kind: Type.Literal('after-leaving'), ...standing }),
  Type.Object({
    kind: Type.Literal('rule'),
    title: Type.String(),
    type: Type.Unsafe<CorrelationType>(Type.Enum([...CORRELATION_TYPES])),
    rules: Type.Integer({ description: 'How many rules the rule refers to.' }),
    fields: Type.Array(Type.String()),
    timespan_ms: Type.Integer(),
    condition: Type.Array(
      Type.Object({ op: Type.Unsafe<Comparison['op']>(Type.Enum([...COMPARISONS])), value: Type.Number() }),
    ),
    group: Type.Array(Type.Object({ name: Type.String(), text: nullable(Type.String()) })),
  }),
])
export type FindingFacts = Static<typeof FindingFacts>

/** How the person stood, of those facts that say it. */
export type Standing = Pick<
  Extract<FindingFacts, { readonly role: string | null }>,
  'role' | 'leaver' | 'notice_on' | 'last_working_day'
>

/** What is compared: a measure's count, its share, the peers' count, its CUSUM, the team's count; an access that should not be; a rule's condition. */
export const CONTRIBUTION_KINDS = ['count', 'share', 'peers', 'cusum', 'team', 'after-leaving', 'rule'] as const
export type ContributionKind = (typeof CONTRIBUTION_KINDS)[number]
