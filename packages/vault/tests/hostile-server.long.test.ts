// The same tests with every frame: `isLong` looks at which file was started.
import './hostile-server.test.ts';
