import { expect, it } from 'vitest'
import { findSplitTenants, watchTenants } from '../../commands/watch-tenants.ts'
import { NOW, openTestCore, staffRecord, submitAll, view } from '../support/test-core.ts'

it.each<[string, Record<string, [seen: number, known: number]>, object | null]>([
  ['nobody at all', {}, null],
  ['one tenant', { default: [3, 3] }, null],
  ['no staff feed', { default: [3, 0], acme: [2, 0] }, null],
  ['a staff feed before the first event', { acme: [0, 3] }, null],
  ['a tenant more of which HR speaks', { default: [3, 3], acme: [0, 2] }, null],
  [
    'one company under two names',
    { default: [0, 3], acme: [2, 0] },
    { staffOnly: { default: 3 }, eventsOnly: { acme: 2 } },
  ],
])('%s', (_, tenants, expected) => {
  const people = Object.entries(tenants).map(([tenant, [seen, known]]) => [tenant, { seen, known }] as const)
  expect(findSplitTenants(new Map(people))).toEqual(expected)
})

it('names ten tenants of each kind at most', () => {
  const tenants = Array.from({ length: 40 }, (_, n) => [`t${n}`, { seen: n % 2, known: 1 - (n % 2) }] as const)
  const split = findSplitTenants(new Map(tenants))
  expect(Object.keys(split?.staffOnly ?? {})).toHaveLength(10)
  expect(Object.keys(split?.eventsOnly ?? {})).toHaveLength(10)
})

it('is warned of once, by tenants and numbers, and again when it has changed', async () => {
  await using core = await openTestCore(':memory:')
  const warned: unknown[] = []
  const timers: (() => void)[] = []
  watchTenants({
    core,
    logger: { warn: (facts: unknown) => warned.push(facts) },
    later: (_, callback) => timers.push(callback),
  })
  const tick = () => timers.shift()?.()
  await core.pipeline.submitStaff([staffRecord('u-17', { status: 'notice' })])
  tick()
  expect(warned).toEqual([])
  await submitAll(core, [{ ...view('e1', NOW, 'c1', 'u-17'), org_uid: 'acme' }])
  tick()
  tick()
  expect(warned).toEqual([{ staffOnly: { default: 1 }, eventsOnly: { acme: 1 } }])
  await core.pipeline.submitStaff([staffRecord('u-17', { status: 'notice', org_uid: 'acme' })])
  tick()
  await submitAll(core, [{ ...view('e2', NOW, 'c1', 'u-17'), org_uid: 'other' }])
  tick()
  expect(warned).toHaveLength(2)
})
