import { createTestDetector } from './test-detector.ts'

/** A team that together opens far more than its people usually do, without working on it, though none of them stands out. */
export const collusion = createTestDetector('collusion', 'Team far above its people’s usual', {
  'contacts_unworked_team.7d': 50,
})
