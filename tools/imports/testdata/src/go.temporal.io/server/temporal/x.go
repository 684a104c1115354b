package temporal
