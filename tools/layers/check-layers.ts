import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../check/finding.ts';
import { edgesOf } from './edges.ts';
import { layerRules, type LayerRule } from './rules.ts';
import { readWorkspace } from './workspace.ts';
import { isDevelopment, zoneOf } from './zones.ts';

/** Every broken layer rule in the workspace at `root`. */
export function checkLayers(root: string, rules: readonly LayerRule[] = layerRules): Finding[] {
  const workspace = readWorkspace(root);
  return workspace.files.flatMap((path) => {
    const home = path.split('/')[1] ?? '';
    const where = { path, home, zone: zoneOf(path), development: isDevelopment(path), workspace };
    return edgesOf(path, readFileSync(join(root, path), 'utf8')).flatMap((edge) =>
      rules.flatMap((rule) => {
        const message = rule.broken({ ...where, edge });
        return message === undefined ? [] : [{ path, line: edge.line, rule: rule.name, message }];
      }),
    );
  });
}
