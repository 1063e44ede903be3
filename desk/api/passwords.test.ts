import { describe, expect, it } from 'vitest';
import { hashPassword, passwordProblem, verifyPassword } from './passwords.ts';

describe('passwords', () => {
  it('a hash fits its password only, and the same password hashes differently each time', async () => {
    const [first, second] = await Promise.all([hashPassword('正确的密码 123'), hashPassword('正确的密码 123')]);
    expect(first).not.toBe(second);
    expect(first).toMatch(/^scrypt\$1\$15\$8\$3\$/);
    expect(await verifyPassword('正确的密码 123', first)).toBe(true);
    expect(await verifyPassword('正确的密码 124', first)).toBe(false);
  });

  it.each(['', 'plain', 'scrypt$2$15$8$1$a$b', 'scrypt$1$40$8$1$a$b', 'scrypt$1$x$8$1$a$b', 'scrypt$1$15$8$1$$'])(
    'the broken stored hash %j matches nothing and does not throw',
    async (stored) => {
      expect(await verifyPassword('x', stored)).toBe(false);
    },
  );

  it('names what is wrong with a new password', () => {
    expect(passwordProblem('short')).toBe('密码至少 8 个字符');
    expect(passwordProblem('long enough')).toBeUndefined();
    expect(passwordProblem('x'.repeat(300))).toBeDefined();
  });
});
