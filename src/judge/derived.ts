/** Folders that tools make and make again. */
const DERIVED =
  /^(node_modules|dist|build|out|target|coverage|tmp|temp|logs?|__pycache__|htmlcov|\.coverage|obj|_build|deps|vendor|DerivedData|Pods|_site|site|storybook-static|playwright-report|test-results|elm-stuff|zig-out|zig-cache|dist-newstyle|cdk\.out|cmake-build-[\w-]+|bazel-[\w-]+|build-[\w-]+|junit[\w-]*\.xml|coverage\.(out|xml|lcov|json)|\.(terraform|dart_tool|expo|serverless|aws-sam|docusaurus|stack-work|zig-cache|jekyll-cache|output|phpunit\.cache|ipynb_checkpoints|hypothesis|nox|pdm-build|scannerwork|bloop|metals|cpcache|shadow-cljs|clj-kondo|elixir_ls|fetch)|.*\.(gcov|lcov|stackdump|hi|beam|pdb|ilk|bak~)|.*~|\.DS_Store|Thumbs\.db|core|a\.out|.*\.(orig|rej|swp|swo|obj|gcda|gcno|aux|toc|lof|lot|bbl|blg|fls|fdb_latexmk|synctex\.gz|a|so|dylib|lo|la|hprof|prof|pid)|\.(turbo|next|nuxt|cache|parcel-cache|pytest_cache|mypy_cache|ruff_cache|tox|nyc_output|gradle|svelte-kit|angular|vite|venv|eggs|output)|venv|[\w.-]+\.egg-info|.*\.(pyc|pyo|o|log|tmp|tsbuildinfo|class))$/

export function isDerived(relative: string): boolean {
  return relative.split('/').some(part => DERIVED.test(part))
}
