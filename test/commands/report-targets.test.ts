import { expect, it } from 'vitest'
import { reportTargets } from '../../commands/delivery/delivery-plan.ts'
import { configOf, load } from '../config/load.ts'

/** Who is told that soc_a could not be told of an alert of the tenant; with `!` who is not to know which alert it was. */
function targetsOf(routes: readonly string[], org: string, reportTo = ''): string[] {
  const channel = `{ type: slack, url: "\${URL}" }`
  const yaml = `channels: { soc_b: ${channel}, soc_a: ${channel}, ops: ${channel}, owner_a: ${channel} }
routes: [${routes.join(', ')}]
delivery: { report_failures_to: [${reportTo}] }`
  const config = configOf(load(yaml, { URL: 'https://hooks.example/x' }))
  return reportTargets(config, 'soc_a')(org).map((target) => `${target.channel}${target.knowsTenant ? '' : '!'}`)
}

const OF_A = '{ match: { org: [a] }, channels: [soc_a] }'
const OF_B = '{ match: { org: [b] }, channels: [soc_b] }'
const OF_BOTH = '{ match: { org: [a, b] }, channels: [soc_a] }'
const ESCALATED = '{ match: { org: [a] }, channels: [soc_a], escalate_after: 1h, escalate_to: [owner_a] }'

it.each([
  ['nobody, where no route names another channel for the tenant', [OF_A, OF_B], 'a', []],
  ['a channel that a route without a tenant names', [OF_A, OF_B, '{ channels: [ops] }'], 'a', ['ops']],
  ['a channel to which the tenant’s alerts are escalated', [OF_B, ESCALATED], 'a', ['owner_a']],
  ['the first other one, where routes name no tenant', ['{ channels: [soc_a, soc_b] }'], 'a', ['soc_b']],
  ['the other one of the alert’s own tenant', [OF_BOTH, OF_B], 'b', ['soc_b']],
  ['nobody, where the other one is of another tenant than the alert', [OF_BOTH, OF_B], 'a', []],
])('a channel that cannot be reached is reported to %s', (_who, routes, org, wanted) => {
  expect(targetsOf(routes, org)).toEqual(wanted)
})

it('report_failures_to names who is told, and channels of other tenants do not hear which alert it was', () => {
  expect(targetsOf([OF_A, OF_B], 'a', 'soc_a, soc_b, ops')).toEqual(['soc_b!', 'ops'])
  expect(targetsOf([OF_A, OF_B, '{ channels: [soc_b] }'], 'a', 'soc_b')).toEqual(['soc_b'])
})
