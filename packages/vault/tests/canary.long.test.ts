// The same tests with 10,000 orders: `isLong` looks at which file was started.
import './canary.test.ts';
