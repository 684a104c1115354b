import type { RJSFSchema, ValidatorType } from "@rjsf/utils";
import type { FormData } from "../../api/types";

/**
 * The server judges a form while it is typed, so the browser compiles no schema: the content security policy stays
 * without unsafe-eval. isValid only serves the choice between the branches of a schema (if/then, oneOf).
 */
export const validator: ValidatorType<FormData, RJSFSchema> = {
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  isValid: (schema, value) => fits(schema, value),
  rawValidation: () => ({ errors: [] }),
};

function fits(schema: RJSFSchema, value: unknown): boolean {
  if (schema.const !== undefined && schema.const !== value) {
    return false;
  }
  if (schema.enum && !schema.enum.includes(value as never)) {
    return false;
  }
  const object = (value ?? {}) as Record<string, unknown>;
  if (schema.required?.some((name) => object[name] === undefined)) {
    return false;
  }
  return Object.entries(schema.properties ?? {}).every(
    ([name, s]) => typeof s === "boolean" || object[name] === undefined || fits(s as RJSFSchema, object[name]),
  );
}
