import { expect, test } from 'vitest'
import { partsOfRoleKey, roleKey } from '../../detectors/actor-table.ts'

test('a role’s key tells the role, whatever it is called, from accounts without one', () => {
  for (const role of ['sales', '~user', '~~user', '~', '', 'a~b'])
    expect(partsOfRoleKey(roleKey('acme', role, 'user'))).toEqual({ org: 'acme', role, actor_type: null })
  expect(partsOfRoleKey(roleKey('acme', null, 'user'))).toEqual({ org: 'acme', role: null, actor_type: 'user' })
  expect(roleKey('acme', '~user', 'user')).not.toBe(roleKey('acme', null, 'user'))
})
