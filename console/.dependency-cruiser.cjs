/** The layers: app -> features -> map, shared -> api. Checked by `npm run imports`. */
module.exports = {
  forbidden: [
    {
      name: "features-never-import-each-other",
      severity: "error",
      from: { path: "^src/features/([^/]+)/" },
      to: { path: "^src/features/", pathNot: "^src/features/$1/" },
    },
    {
      name: "features-know-nothing-of-the-app",
      severity: "error",
      from: { path: "^src/features/" },
      to: { path: "^src/app/" },
    },
    {
      name: "map-stands-below-features",
      severity: "error",
      from: { path: "^src/map/" },
      to: { path: "^src/(app|features)/" },
    },
    {
      name: "shared-stands-below-map-and-features",
      severity: "error",
      from: { path: "^src/shared/" },
      to: { path: "^src/(app|features|map)/" },
    },
    {
      name: "api-is-the-bottom",
      severity: "error",
      from: { path: "^src/api/" },
      to: { path: "^src/(app|features|map|shared)/" },
    },
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "product-code-never-imports-the-mock",
      severity: "error",
      from: { path: "^src/", pathNot: "\\.test\\.ts$" },
      to: { path: "^dev/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types"] },
  },
};
