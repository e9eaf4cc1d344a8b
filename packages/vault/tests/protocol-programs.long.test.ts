// The same tests with every vector: `sample` looks at which file was started.
import './protocol-builder.test.ts';
import './protocol-door.test.ts';
import './protocol-journal.test.ts';
