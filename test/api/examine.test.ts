import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHarness, type Harness, NOW, PROBLEM, TENANT } from './harness.ts'

let api: Harness
beforeAll(async () => {
  api = await createHarness()
})
afterAll(() => api[Symbol.asyncDispose]())

const examine = (actor: string, payload: object, role = 'analyst') =>
  api.app.inject({ method: 'POST', url: `/v1/actors/${actor}/examine`, headers: api.auth(role), payload })

describe('POST /v1/actors/{actor_uid}/examine', () => {
  test('answers with what was found, and keeps who asked and why', async () => {
    const answer = await examine('u-17', { reason: 'seen photographing the screen' })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      findings: 6,
      findings_new: 1,
      findings_known: 2,
      findings_suppressed: 3,
      alerts: [{ alert_uid: 'alert-1' }],
      known_in: ['alert-2'],
      to: expect.any(String),
    })
    const list = await api.app.inject({ url: '/v1/actors/u-17/examinations', headers: api.auth('viewer') })
    expect(list.json()).toMatchObject({
      items: [{ at: new Date(NOW).toISOString(), by: { name: 'analyst' }, reason: 'seen photographing the screen' }],
      next_cursor: null,
    })
  })

  test.each<[string, string, object, string, number]>([
    ['without a reason', 'u-17', {}, 'analyst', 400],
    ['with an empty reason', 'u-17', { reason: '' }, 'analyst', 400],
    ['with a blank reason', 'u-17', { reason: ' ' }, 'analyst', 400],
    ['with a reason that is too long', 'u-17', { reason: 'x'.repeat(1_001) }, 'analyst', 400],
    ['of a viewer', 'u-17', { reason: 'audit' }, 'viewer', 403],
    ['of another tenant', 'u-17', { reason: 'audit', org_uid: 'default' }, `analyst@${TENANT}`, 403],
    ['of nobody known', 'nobody', { reason: 'audit' }, 'analyst', 404],
  ])('refuses a request %s', async (_, actor, payload, role, status) => {
    const answer = await examine(actor, payload, role)
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, PROBLEM])
  })

  test('says when to come again while too many wait', async () => {
    const answer = await examine('u-17', { reason: 'one too many' })
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '5'])
  })
})
