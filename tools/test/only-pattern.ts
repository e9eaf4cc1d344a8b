/** How a test file says `only`. It cannot be seen in the results, because the tests it hides are never reported. */
export const onlyPattern = /\b(?:test|it|describe|suite|t)\.only\(|\bonly:\s*true\b/u;
