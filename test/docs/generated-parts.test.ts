import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import {
  DAY_WEIGHT,
  DEFAULT_DAYS,
  DEFAULT_DISPERSION,
  DEFAULT_LOG_MEAN,
  DEFAULT_LOG_VARIANCE,
  DEFAULT_MEAN,
  DEFAULT_RATE,
  LAG_DAYS,
  UNKNOWN_ROLE_DISPERSION,
} from '../../detectors/baseline/defaults.ts'
import { familyOfSlot } from '../../detectors/baseline/distribution.ts'
import { bindDetectors, DETECTORS } from '../../detectors/registry.ts'
import { createRoleCalibrations } from '../../detectors/risk/role-calibration.ts'
import { TESTS, type Test } from '../../detectors/risk/tests.ts'
import { BY_WAY, WEIGHTS, WEIGHTS_WITHOUT_WORK } from '../../detectors/risk/weights.ts'
import { RUNBOOKS } from '../../detectors/runbooks.ts'
import { compileTriggers } from '../../detectors/triggers.ts'
import type { DetectorCase } from '../../fixtures/cases/case.ts'
import { MEASURES, slotOf, WINDOWS } from '../../model/measure.ts'
import { ROOT, readText } from '../architecture/source-files.ts'
import { table, withPart } from './generated-part.ts'

const number = (value: number): string =>
  Number.isFinite(value) ? (Math.round(value * 100) / 100).toLocaleString('en-US') : 'never'

const WHAT: Readonly<Record<Test['kind'], string>> = {
  count: 'day’s peak',
  peers: 'day’s peak against the role alone',
  team: 'the team’s sum of day’s peaks',
  share: 'share',
  cusum: 'CUSUM',
}

const QUIET = {
  day: 0,
  role: 'nobody',
  org: 'default',
  surprise: new Int32Array(0),
  risk: 0,
  leaver: false,
} as const

function numbersPart(): string {
  const sizes = MEASURES.filter((measure) => familyOfSlot(slotOf(measure, '1d')) === 'size').map(
    (measure) => `${number(Math.exp(DEFAULT_LOG_MEAN[measure]))} for \`${measure}\``,
  )
  const triggers = compileTriggers(bindDetectors())
  const perWindow = (what: string, values: readonly number[]): string[] => [what, ...values.map(number)]
  const testRow = (test: Test, t: number): string[] => [
    `\`${test.id}\``,
    `${WHAT[test.kind]} of \`${test.measure}\`${test.kind === 'share' ? ` among \`${test.among}\`` : ''}`,
    triggers.byTest[t].map(({ detector: { id } }) => `[${id}](detectors/${id}.md)`).join(', '),
    number(triggers.floor[t]),
    number(WEIGHTS[t]),
    number(WEIGHTS_WITHOUT_WORK[t]),
  ]
  const wayRow = ([way, weights]: [string, Readonly<Record<string, number>>]): string[] => [
    way,
    Object.entries(weights)
      .map(([id, weight]) => `\`${id}\` ${number(weight)}`)
      .join(', '),
  ]
  const cutsOf = (budget: number): string[] => {
    const calibrations = createRoleCalibrations({ ordinary: budget, leaver: budget })
    const first = calibrations.get('default', 'nobody', 0).cuts
    calibrations.setPeople(QUIET.org, 400)
    for (let actor = 0; actor < 400; actor++) calibrations.add({ ...QUIET, actor })
    const later = calibrations.get('default', 'nobody', 2).cuts
    return [budget, first.ordinary, first.leaver, later.ordinary, later.leaver].map(number)
  }
  return [
    'Per window:',
    table(
      ['', ...WINDOWS],
      [
        perWindow('Days between a day and the one it teaches (`LAG_DAYS`)', LAG_DAYS),
        perWindow('Weight of a day (`DAY_WEIGHT`)', DAY_WEIGHT),
      ],
    ),
    'Assumed of a role before anything is known, as the mean day’s peak (`DEFAULT_MEAN`):',
    table(
      ['Measure', ...WINDOWS],
      MEASURES.filter((measure) => familyOfSlot(slotOf(measure, '1d')) === 'count').map((measure) => [
        `\`${measure}\``,
        ...WINDOWS.map((window) => number(DEFAULT_MEAN[slotOf(measure, window)])),
      ]),
    ),
    `with the scatter *a* = ${DEFAULT_DISPERSION} (\`DEFAULT_DISPERSION\`), widened by ${UNKNOWN_ROLE_DISPERSION} while nothing is known of the role (\`UNKNOWN_ROLE_DISPERSION\`), and with the weight of ${DEFAULT_DAYS} role-days (\`DEFAULT_DAYS\`). Of operations of any size it is assumed that ${DEFAULT_RATE * 100} % of the days have one (\`DEFAULT_RATE\`), of ${sizes.join(', ')} (\`DEFAULT_LOG_MEAN\`), the logarithm's standard deviation being ${number(Math.sqrt(DEFAULT_LOG_VARIANCE))} (\`DEFAULT_LOG_VARIANCE\`).`,
    'All tests, who reports them, and the count below which they say nothing:',
    table(['Test', 'What it asks about', 'Detectors', 'Floor', 'Weight', 'without work seen'], TESTS.map(testRow)),
    'Weights in the sum of each way of stealing (`BY_WAY`); of a test that is not named, 0:',
    table(['Way', 'Weights'], Object.entries(BY_WAY).map(wayRow)),
    'The risk from which an alert opens in a new tenant, by the budget: while fewer than 50 of its person-days are known, and then until its own risks teach:',
    table(
      ['Alerts per 1,000 employees and week', 'First days', 'of leavers', 'Then', 'of leavers'],
      [1, 2, 5, 10, 20].map(cutsOf),
    ),
  ].join('\n\n')
}

describe('parts of documents made from the code; `npx vitest run test/docs -u` writes them anew', () => {
  it('docs/detection.md', async () => {
    await expect(withPart(readText('docs/detection.md'), 'numbers', numbersPart())).toMatchFileSnapshot(
      '../../docs/detection.md',
    )
  })

  it.each(DETECTORS.map(({ id, defaults }) => ({ id, defaults })))(
    'docs/detectors/$id.md',
    async ({ id, defaults }) => {
      const page = `docs/detectors/${id}.md`
      const yaml = stringify({ detectors: { [id]: { enabled: true, params: defaults } } })
      const { cases }: { cases: readonly DetectorCase[] } = await import(join(ROOT, `fixtures/cases/${id}.ts`))
      const list = (fires: boolean) =>
        cases
          .filter((one) => one.fires === fires)
          .map(({ name }) => `- ${name}`)
          .join('\n')
      const parts = [
        ['defaults', `\`\`\`yaml\n# crmwatch.yaml\n${yaml}\`\`\``],
        ['fires', list(true)],
        ['quiet', list(false)],
        ['runbook', RUNBOOKS[id].map((step, n) => `${n + 1}. ${step}`).join('\n')],
      ]
      const text = parts.reduce((before, [marker, part]) => withPart(before, marker, part), readText(page))
      await expect(text).toMatchFileSnapshot(`../../${page}`)
    },
  )
})
